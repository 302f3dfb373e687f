with ruled as (
    select
        questions.*,
        starters.value is not null as is_starter,
        case
            when starters.value is not null then quarter_index_start(questions.first_quarter)
            else questions.from_date
        end as counted_date
    from questions
    left join law_deadlines as starters
        on
            questions.first_quarter is not null
            and starters.deadline_kind = questions.kind || '_starter'
            and quarter_index(questions.from_date) >= questions.first_quarter
            and quarter_index(questions.from_date) < questions.first_quarter + starters.applies_to_quarters
),

dated as (
    select
        ruled.*,
        deadlines.value,
        deadlines.unit,
        deadlines.counted_from,
        deadlines.quarters_after,
        deadlines.article,
        deadlines.certainty,
        coalesce(deadline_date(ruled.counted_date, deadlines), working_days.calendar_date) as deadline
    from ruled
    left join law_deadlines as deadlines
        on
            deadlines.deadline_kind = ruled.kind || case when ruled.is_starter then '_starter' else '' end
            and is_in_force(deadlines, ruled.from_date)
    -- The working day that comes so many working days after (ruling E2).
    left join int_law__working_days as starts
        on deadlines.unit = 'working_days' and ruled.counted_date = starts.calendar_date
    left join int_law__working_days as working_days
        on
            starts.working_days_to_date + deadlines.value = working_days.working_days_to_date
            and working_days.is_working_day
)

select
    dated.*,
    due_dates.article as company_article,
    due_dates.certainty as company_certainty,
    make_date(year(dated.from_date), due_dates.due_month, due_dates.due_day) as usual_due_date,
    case
        when dated.kind = 'company_due'
            then company_due_date(year(dated.from_date), due_dates, created_date := dated.from_date)
        else dated.deadline
    end as last_day
from dated
left join law_company_due_dates as due_dates
    on dated.kind = 'company_due' and is_in_force(due_dates, dated.from_date)
