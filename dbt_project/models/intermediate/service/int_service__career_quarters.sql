-- Liable quarters (ruling B5) of the years whose career messages are all due, from the first year that the extract of
-- messages holds whole.
with messages as (
    select
        account_id,
        period,
        count(*) as messages,
        count(*) filter (where status = 'accepted') as accepted_messages
    from {{ ref('stg_transmissions') }}
    where flow = 'career_data' and period like '____Q_' and sent_date <= as_of_date()
    group by account_id, period
),

span as (
    select
        (min(quarter_text_index(period)) + 3) // 4 as first_year,
        last_closed_career_quarter(as_of_date()) as last_quarter
    from messages
),

-- B5: a period ended by death or pension does not count for the quarter in which it ends.
liable as (
    select
        periods.affiliate_id,
        periods.registered_date,
        unnest(range(
            greatest(quarter_index(periods.start_date), 4 * span.first_year),
            least(
                coalesce(
                    quarter_index(periods.end_date)
                    - case when periods.end_reason in ('death', 'pension') then 1 else 0 end,
                    span.last_quarter
                ),
                span.last_quarter
            ) + 1
        )) as quarter
    from {{ ref('fct_affiliation_periods') }} as periods
    cross join span
    where periods.is_counted
),

-- A message is due at the end of the second month after its quarter, or after the registration that came later.
due as (
    select
        affiliate_id,
        quarter,
        quarter_index_text(quarter) as period
    from liable
    group by affiliate_id, quarter
    having month_end(greatest(min(registered_date), quarter_index_end(quarter)), 2) < as_of_date()
)

select
    due.affiliate_id,
    due.period,
    cast(due.quarter // 4 as integer) as career_year,
    coalesce(messages.messages, 0) as messages,
    coalesce(messages.accepted_messages, 0) as accepted_messages
from due
left join messages on due.affiliate_id = messages.account_id and due.period = messages.period
