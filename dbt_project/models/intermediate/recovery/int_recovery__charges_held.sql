{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- Charges that the same cases hold have the same stage on every day, so the days are looked at once for all of them
-- (int_recovery__held_stages).
select
    charge_id,
    account_id,
    list_sort(list(case_id)) as case_ids
from {{ ref('int_recovery__case_charges') }}
where in_slice(account_id)
group by charge_id, account_id
