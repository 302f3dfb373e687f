-- Liable quarters (ruling B5) of the years whose career messages are all due, from the first year that the extract of
-- messages holds whole. A message is due at the end of the second month after its quarter, or after the registration of
-- an affiliation that came later.
with messages as (
    select
        account_id as affiliate_id,
        period,
        count(*) as messages,
        count(*) filter (where status = 'accepted') as accepted_messages
    from {{ ref('stg_transmissions') }}
    where flow = 'career_data' and sent_date <= {{ as_of_date() }}
    group by account_id, period
),

span as (
    select
        cast(substr(min(period), 1, 4) as integer)
        + case when min(period) like '%Q1' then 0 else 1 end as first_year,
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
        periods.affiliate_id,
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
        affiliate_id,
        quarter,
        min(registered_date) as registered_date
    from quarters
    group by affiliate_id, quarter
)

select
    due.affiliate_id,
    {{ quarter_index_text('due.quarter') }} as period,
    cast({{ year_of_quarter_index('due.quarter') }} as integer) as career_year,
    coalesce(messages.messages, 0) as messages,
    coalesce(messages.accepted_messages, 0) as accepted_messages
from due
left join messages
    on due.affiliate_id = messages.affiliate_id and messages.period = {{ quarter_index_text('due.quarter') }}
where {{ month_end('greatest(due.registered_date, ' ~ quarter_index_end('due.quarter') ~ ')', 2) }} < {{ as_of_date() }}
