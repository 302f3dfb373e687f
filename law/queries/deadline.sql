with ruled as (
    select
        questions.*,
        starters.value is not null as is_starter,
        case
            when starters.value is not null then {{ quarter_index_start('questions.first_quarter') }}
            else questions.from_date
        end as counted_date
    from questions
    left join {{ ref('law_deadlines') }} as starters
        on
            questions.first_quarter is not null
            and starters.deadline_kind = questions.kind || '_starter'
            and {{ quarter_index('questions.from_date') }} >= questions.first_quarter
            and {{ quarter_index('questions.from_date') }} < questions.first_quarter + starters.applies_to_quarters
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
        {{ deadline_date('deadlines', 'ruled.counted_date') }} as deadline
    from ruled
    left join {{ ref('law_deadlines') }} as deadlines
        on
            deadlines.deadline_kind = ruled.kind || case when ruled.is_starter then '_starter' else '' end
            and {{ is_in_force('deadlines', 'ruled.from_date') }}
)

select
    dated.*,
    due_dates.article as company_article,
    due_dates.certainty as company_certainty,
    make_date(extract(year from dated.from_date), due_dates.due_month, due_dates.due_day) as usual_due_date,
    case
        when dated.kind = 'company_due'
            then {{ company_due_date('due_dates', 'cast(extract(year from dated.from_date) as integer)', 'dated.from_date') }}
        else dated.deadline
    end as last_day
from dated
left join {{ ref('law_company_due_dates') }} as due_dates
    on dated.kind = 'company_due' and {{ is_in_force('due_dates', 'dated.from_date') }}
