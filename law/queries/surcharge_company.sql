-- One row per question on the surcharge of a company: months of delay on each part, paid or still unpaid.
with limits as (
    select
        questions.*,
        rules.value as pct,
        rules.article,
        rules.certainty,
        coalesce(as_of_date, paid_date) as end_date
    from questions
    left join law_surcharges as rules
        on rules.surcharge_kind = 'company' and is_in_force(rules, questions.due_date)
),

paid as (
    select
        line,
        unnest(part_dates) as part_date,
        unnest(part_amounts) as part_amount
    from questions
),

parts as (
    select
        line,
        part_date,
        part_amount,
        false as is_last
    from paid
    union all
    select
        limits.line,
        limits.end_date as part_date,
        limits.amount - coalesce(sums.part_amount, 0) as part_amount,
        true as is_last
    from limits
    left join (select line, sum(part_amount) as part_amount from paid group by line) as sums
        on limits.line = sums.line
),

delayed as (
    select
        parts.*,
        limits.pct,
        months_of_delay(
            limits.due_date, least(parts.part_date, coalesce(limits.judicial_date, parts.part_date))
        ) as months
    from parts
    inner join limits on parts.line = limits.line
    where parts.part_amount > 0
),

charged as (
    select
        *,
        surcharge_amount(part_amount, pct, times := months) as surcharge
    from delayed
),

summed as (
    select
        line,
        sum(surcharge) as total,
        max(months) as count,
        list({
            'part_date': part_date, 'part_amount': part_amount, 'months': months, 'surcharge': surcharge,
            'is_last': is_last
        } order by part_date, is_last) as parts
    from charged
    group by line
)

select
    limits.*,
    coalesce(summed.total, 0) as total,
    coalesce(summed.count, 0) as count,
    summed.parts
from limits
left join summed on limits.line = summed.line
