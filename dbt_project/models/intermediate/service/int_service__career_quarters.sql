-- Liable quarters (ruling B5) of the years whose career messages are all due, from the first year that the extract of
-- messages holds whole. A message is due at the end of the second month after its quarter, or after the registration of
-- an affiliation that came later.
-- By numbers of accounts and quarters: a country has five million, and text takes twice the time.
with messages as (
    select
        {{ account_key('account_id') }} as account_key,
        {{ quarter_text_index('period') }} as quarter,
        count(*) as messages,
        count(*) filter (where status = 'accepted') as accepted_messages
    from {{ ref('stg_transmissions') }}
    where flow = 'career_data' and period like '____Q_' and sent_date <= {{ as_of_date() }}
    group by {{ account_key('account_id') }}, {{ quarter_text_index('period') }}
),

span as (
    select
        {{ whole_division('min(quarter) + 3', 4) }} as first_year,
        (
            select
                cast(extract(year from plan.as_of_date) as integer)
                - case
                    when {{ month_end(year_start('extract(year from plan.as_of_date)'), 1) }} < plan.as_of_date then 1
                    else 2
                end
            from {{ source('raw', '_plan') }} as plan
        ) as last_year
    from messages
),

quarters as (
    select
        {{ account_key('periods.affiliate_id') }} as account_key,
        periods.registered_date,
        {{ integers_between(
            'greatest(' ~ quarter_index('periods.start_date') ~ ', 4 * span.first_year)',
            'least(4 * span.last_year + 3, coalesce(' ~ quarter_index('periods.end_date')
            ~ " - case when periods.end_reason in ('death', 'pension') then 1 else 0 end, 4 * span.last_year + 3))"
        ) }} as quarter
    from {{ ref('fct_affiliation_periods') }} as periods
    cross join span
    where periods.is_counted
),

due as (
    select
        account_key,
        quarter,
        min(registered_date) as registered_date
    from quarters
    group by account_key, quarter
)

select
    cast(due.account_key as integer) as account_key,
    cast(due.quarter as integer) as quarter,
    coalesce(messages.messages, 0) as messages,
    coalesce(messages.accepted_messages, 0) as accepted_messages
from due
left join messages on due.account_key = messages.account_key and due.quarter = messages.quarter
where {{ month_end('greatest(due.registered_date, ' ~ quarter_index_end('due.quarter') ~ ')', 2) }} < {{ as_of_date() }}
