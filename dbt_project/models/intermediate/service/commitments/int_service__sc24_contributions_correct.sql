-- What the law gives an amount to compare with (ruling B12).
with contributions as (
    select *
    from {{ ref('fct_charges') }}
    where charge_type in ('provisional', 'regularisation') and expected_amount is not null
)

select
    'SC24' as code,
    charge_id as item_key,
    account_id,
    issue_date as quarter_date,
    issue_date as started_date,
    difference_amount = 0 as is_right,
    charge_type as breakdown_code,
    difference_amount as amount
from contributions
union all
-- A difference may have a good reason: a reduction that was granted, a category that changed. SC24 says how many
-- amounts are those of the law, SC24B how many differ for no reason that is known.
select
    'SC24B' as code,
    charge_id as item_key,
    account_id,
    issue_date as quarter_date,
    issue_date as started_date,
    difference_amount = 0 or coalesce(difference_reason, 'unexplained') <> 'unexplained' as is_right,
    charge_type as breakdown_code,
    difference_amount as amount
from contributions
