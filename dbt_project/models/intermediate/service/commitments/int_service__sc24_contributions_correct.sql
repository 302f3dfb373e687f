-- A difference may have a good reason: a reduction that was granted, a category that changed. SC24 says how many
-- amounts are those of the law, SC24B how many differ for no reason that is known.
with contributions as (
    select *
    from {{ ref('int_service__charges_judged') }}
    where breakdown_code in ('provisional', 'regularisation')
),

items as (
    select
        'SC24' as code,
        is_equal as is_right,
        *
    from contributions
    union all
    select
        'SC24B' as code,
        is_equal or is_explained as is_right,
        *
    from contributions
)

{{ commitment_tallies('items', ['is_right', 'breakdown_code', 'amount', 'weight', 'office_code']) }}
