with items as (
    select
        'SC10' as code,
        claim_id as item_key,
        affiliate_id as account_id,
        decision_date as quarter_date,
        coalesce(complete_date, submitted_date) as started_date,
        charter_limit_date as deadline_date,
        decision_date as done_date,
        benefit as breakdown_code,
        decision_days as duration_days
    from {{ ref('fct_claims') }}
    where decision <> 'withdrawn' and decision_date <= {{ as_of_date() }}
)

{{ commitment_tallies('items', ['breakdown_code', 'duration_days']) }}
