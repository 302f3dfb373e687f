with items as (
    select
        'SC34' as code,
        is_equal as is_right,
        *
    from {{ ref('int_service__charges_judged') }}
    where breakdown_code = 'company_contribution'
)

{{ commitment_tallies('items', ['is_right', 'amount', 'weight', 'office_code']) }}
