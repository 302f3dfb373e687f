with termed as (
    select
        questions.*,
        terms.value as term,
        terms.starts_years_after,
        terms.article,
        terms.certainty,
        case
            when questions.kind = 'overpayment' then overpayment_prescription_date(questions.established_date, terms)
            else prescription_date(questions.year, terms)
        end as first_date
    from questions
    left join law_prescription_terms as terms
        on
            questions.kind = terms.prescription_kind
            and questions.benefit is not distinct from terms.benefit
            and questions.is_fraud = terms.is_fraud
            and is_in_force(terms, coalesce(questions.established_date, year_start(questions.year)))
),

-- Asked without the kind of step: as the fund's registered letter, all restart the same term.
interruptions as (
    select
        dates.line,
        list({
            'step_id': null,
            'interrupted_on': dates.interrupted_on,
            'restarted_date': years_added(dates.interrupted_on, restarts.value)
        } order by dates.interrupted_on) as steps
    from (select line, unnest(interrupted_dates) as interrupted_on from questions) as dates
    inner join law_interruptions as restarts
        on restarts.step_type = 'registered_letter' and is_in_force(restarts, dates.interrupted_on)
    group by dates.line
),

interrupted as (
    select
        termed.*,
        prescription_interrupted(termed.first_date, interruptions.steps) as last_step
    from termed
    left join interruptions on termed.line = interruptions.line
)

select
    interrupted.*,
    interrupted.last_step.restarted_date as prescription_date,
    interrupted.last_step.restarted_date - 1 as last_day,
    interrupted.last_step.interrupted_on as interrupted_on,
    restarts.value as restart_term,
    restarts.article as restart_article,
    restarts.certainty as restart_certainty
from interrupted
left join law_interruptions as restarts
    on restarts.step_type = 'registered_letter' and is_in_force(restarts, interrupted.last_step.interrupted_on)
