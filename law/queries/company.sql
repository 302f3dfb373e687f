with sized as (
    select
        questions.*,
        thresholds.value is not null as is_known,
        cast(thresholds.value as decimal(18, 2)) as threshold,
        thresholds.article as threshold_article,
        thresholds.certainty as threshold_certainty,
        questions.year - thresholds.balance_years_back as balance_year,
        questions.year < year(questions.created_date) + thresholds.small_calendar_years as is_new,
        company_size(
            questions.balance, thresholds, contribution_year := questions.year, created_date := questions.created_date
        ) as size_class
    from questions
    left join law_company_thresholds as thresholds on is_in_force(thresholds, year_start(questions.year))
)

select
    sized.*,
    cast(amounts.value as decimal(14, 2)) as amount,
    amounts.article as amount_article,
    amounts.certainty as amount_certainty,
    cast(exemptions.value as decimal(14, 2)) as exempt_amount,
    exemptions.article as exempt_article,
    exemptions.certainty as exempt_certainty,
    make_date(sized.year, due_dates.due_month, due_dates.due_day) as usual_due_date,
    company_due_date(sized.year, due_dates, created_date := sized.created_date) as due_date,
    due_dates.article as due_article,
    due_dates.certainty as due_certainty
from sized
left join law_company_amounts as amounts
    on sized.size_class = amounts.size_class and is_in_force(amounts, year_start(sized.year))
left join law_company_exemptions as exemptions
    on sized.exempt = exemptions.reason and is_in_force(exemptions, year_start(sized.year))
left join law_company_due_dates as due_dates on is_in_force(due_dates, year_start(sized.year))
