-- One row per question on a quarterly and yearly surcharge: the quarter ends that count, and the year end if it does.
with claims as (
    select
        questions.*,
        case
            when kind = 'provisional' then due_date
            when kind = 'reduction' then make_date(year, 12, 31)
            else notice_date
        end as claimed_date,
        case when kind = 'reduction' then notice_date end as settlement_date,
        case
            when kind = 'reduction' then greatest(least(final_amount, legal_amount) - reduced_amount, 0)
            else amount
        end as principal,
        -- The last day at whose end it was unpaid: a payment dated on a quarter end is in time.
        coalesce(as_of_date, paid_date - 1) as last_unpaid_date
    from questions
),

spans as (
    select
        claims.*,
        quarterly.value as quarterly_pct,
        quarterly.article as quarterly_article,
        quarterly.certainty as quarterly_certainty,
        yearly.value as yearly_pct,
        yearly.article as yearly_article,
        yearly.certainty as yearly_certainty,
        first_surcharge_quarter(claims.claimed_date, quarterly) as first_quarter,
        least(
            last_ended_quarter(claims.last_unpaid_date),
            coalesce(last_surcharge_quarter(claims.judicial_date), 100000),
            coalesce(last_surcharge_quarter(claims.settlement_date), 100000)
        ) as last_quarter,
        make_date(surcharge_year(claims.claimed_date, yearly), 12, 31) as year_end
    from claims
    left join law_surcharges as quarterly
        on
            claims.kind = quarterly.surcharge_kind
            and quarterly.period = 'quarter'
            and is_in_force(quarterly, claims.claimed_date)
    left join law_surcharges as yearly
        on
            claims.kind = yearly.surcharge_kind
            and yearly.period = 'year'
            and is_in_force(yearly, claims.claimed_date)
),

falls as (
    select
        line,
        'quarter' as period,
        quarter_index_end(quarter_number) as fall_date,
        quarterly_pct as pct
    from (
        select
            line,
            quarterly_pct,
            unnest(range(first_quarter, last_quarter + 1)) as quarter_number
        from spans
    ) as numbered
    union all
    -- H6: it arises on 1 January, on what is unpaid at the end of 31 December; not on what was summoned, or claimed by
    -- writ, in that year.
    select
        line,
        'year' as period,
        year_end as fall_date,
        yearly_pct as pct
    from spans
    where coalesce(as_of_date, paid_date) > year_end and (judicial_date is null or judicial_date > year_end)
),

parts as (
    select
        line,
        unnest(part_dates) as part_date,
        unnest(part_amounts) as part_amount
    from questions
),

unpaid as (
    select
        falls.line,
        falls.period,
        falls.fall_date,
        falls.pct,
        spans.principal - coalesce(sum(parts.part_amount), 0) as unpaid_amount
    from falls
    inner join spans on falls.line = spans.line
    left join parts on falls.line = parts.line and falls.fall_date >= parts.part_date
    group by falls.line, falls.period, falls.fall_date, falls.pct, spans.principal
),

amounts as (
    select
        line,
        sum(case when period = 'quarter' then surcharge end) as quarterly,
        sum(case when period = 'year' then surcharge end) as annual,
        count(case when period = 'quarter' then 1 end) as quarters,
        list({
            'period': period, 'fall_date': fall_date, 'pct': pct, 'unpaid': unpaid_amount, 'surcharge': surcharge
        } order by fall_date, period) as falls
    from (
        select
            *,
            surcharge_amount(unpaid_amount, pct) as surcharge
        from unpaid
        where unpaid_amount > 0
    ) as charged
    group by line
)

select
    spans.*,
    coalesce(amounts.quarterly, 0) as quarterly,
    coalesce(amounts.annual, 0) as annual,
    coalesce(amounts.quarterly, 0) + coalesce(amounts.annual, 0) as total,
    coalesce(amounts.quarters, 0) as count,
    amounts.falls
from spans
left join amounts on spans.line = amounts.line
