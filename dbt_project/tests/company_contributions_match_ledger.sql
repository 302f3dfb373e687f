-- The contribution years of companies hold every company contribution that a company owes in the ledger, to the cent.
with years as (
    select
        coalesce(sum(claimed_amount), 0) as claimed_amount,
        coalesce(sum(outstanding_amount), 0) as outstanding_amount
    from {{ ref('mart_contribution_year') }}
),

ledger as (
    select
        coalesce(sum(net_amount), 0) as net_amount,
        coalesce(sum(outstanding_amount), 0) as outstanding_amount
    from {{ ref('fct_charges') }}
    where account_type = 'company' and charge_type = 'company_contribution'
)

select
    years.claimed_amount,
    ledger.net_amount,
    years.outstanding_amount as outstanding_shown,
    ledger.outstanding_amount
from years
cross join ledger
where
    years.claimed_amount <> ledger.net_amount
    or years.outstanding_amount <> ledger.outstanding_amount
