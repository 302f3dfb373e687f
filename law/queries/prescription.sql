with claims as (
    select
        line as claim_id,
        case
            when kind = 'overpayment'
                then {{ overpayment_prescription_date('questions.benefit', 'questions.is_fraud', 'questions.established_date') }}
            else {{ prescription_date('questions.kind', 'questions.year') }}
        end as first_date
    from questions
),

-- Asked without the kind of step: as the fund's registered letter, all restart the same term.
interruptions as (
    select
        line as claim_id,
        cast(interrupted_on as varchar) as step_key,
        interrupted_on,
        'registered_letter' as step_type
    from (select line, unnest(interrupted_dates) as interrupted_on from questions) as dates
),

dated as (
    {{ interrupted_prescriptions('claims', 'interruptions') }}
)

select
    questions.*,
    claims.first_date,
    dated.prescription_date,
    {{ days_added('dated.prescription_date', -1) }} as last_day,
    dated.interrupted_on,
    terms.value as term,
    terms.starts_years_after,
    terms.article,
    terms.certainty,
    restarts.value as restart_term,
    restarts.article as restart_article,
    restarts.certainty as restart_certainty
from questions
inner join claims on questions.line = claims.claim_id
inner join dated on questions.line = dated.claim_id
left join {{ ref('law_prescription_terms') }} as terms
    on
        questions.kind = terms.prescription_kind
        and questions.benefit is not distinct from terms.benefit
        and questions.is_fraud = terms.is_fraud
        and {{ is_in_force('terms', 'coalesce(questions.established_date, ' ~ year_start('questions.year') ~ ')') }}
left join {{ ref('law_interruptions') }} as restarts
    on restarts.step_type = 'registered_letter' and {{ is_in_force('restarts', 'dated.interrupted_on') }}
