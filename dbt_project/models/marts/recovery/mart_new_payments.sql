-- What came in since the last release, and what it covers now. New is what that release did not count: not known then,
-- or dated after it. Nothing when there is no release to compare with.
with previous_release as (
    select max(business_date) as since_date
    from {{ source('previous_meta', 'release') }}
),

counted_before as (
    select payments.payment_id
    from {{ source('previous_contribution', 'fct_receipts') }} as payments
    inner join previous_release on payments.value_date <= previous_release.since_date
),

new_payments as (
    select payments.*
    from {{ ref('fct_receipts') }} as payments
    inner join previous_release on previous_release.since_date is not null
    left join counted_before on payments.payment_id = counted_before.payment_id
    where counted_before.payment_id is null and payments.value_date <= as_of_date()
),

allocations as (
    select
        credit_id as payment_id,
        charge_id,
        sum(allocated_amount) as allocated_amount
    from {{ ref('fct_allocations') }}
    where credit_type = 'payment'
    group by credit_id, charge_id
)

select
    new_payments.payment_id,
    new_payments.account_id,
    account_type(new_payments.account_id) as account_type,
    new_payments.value_date,
    new_payments.channel,
    cast(new_payments.amount as decimal(18, 2)) as payment_amount,
    charges.charge_id,
    charges.charge_type,
    charges.contribution_year,
    charges.contribution_quarter,
    cast(coalesce(allocations.allocated_amount, 0) as decimal(18, 2)) as allocated_amount,
    charges.outstanding_amount = 0 as is_settled,
    assigned.office_code,
    assigned.agent_id
from new_payments
left join allocations on new_payments.payment_id = allocations.payment_id
left join {{ ref('fct_charges') }} as charges on allocations.charge_id = charges.charge_id
left join {{ ref('int_recovery__accounts_assigned') }} as assigned on new_payments.account_id = assigned.account_id
