with items as (
    select
        'SC02' as code,
        affiliation_id as item_key,
        affiliate_id as account_id,
        registered_date as quarter_date,
        registered_date as started_date,
        {{ days_added('registered_date', 30) }} as deadline_date,
        brochure_date as done_date
    from {{ ref('int_service__affiliations_informed') }}
    where origin = 'ex_officio'
)

{{ commitment_tallies('items') }}
