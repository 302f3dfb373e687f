{#
Prescription (definitions section 4, ruling C10; lists law_prescription_terms and law_interruptions).
Dates of prescription are the first day on which a claim is prescribed.
#}

{# Kind of prescription of a type of charge. Surcharges and costs follow their related charge; without one they count as
   provisional (C10), which is what this gives. #}
{% macro prescription_kind(charge_type) -%}
    case {{ charge_type }}
        when 'regularisation' then 'regularisation'
        when 'company_contribution' then 'company'
        else 'provisional'
    end
{%- endmacro %}

{# Prescription date before any interruption, by kind (prescription_kind) and contribution year; null without a term. #}
{% macro prescription_date(kind, contribution_year) -%}
    (
        select {{ years_added(year_start(contribution_year ~ ' + terms.starts_years_after'), 'terms.value') }}
        from {{ ref('law_prescription_terms') }} as terms
        where
            terms.prescription_kind = {{ kind }}
            and terms.starts_years_after is not null
            and {{ is_in_force('terms', year_start(contribution_year)) }}
    )
{%- endmacro %}

{# Prescription date of the recovery of an undue benefit (ruling D6), by benefit, fraud and date of establishment. #}
{% macro overpayment_prescription_date(benefit, is_fraud, established_date) -%}
    (
        select {{ years_added(established_date, 'terms.value') }}
        from {{ ref('law_prescription_terms') }} as terms
        where
            terms.prescription_kind = 'overpayment'
            and terms.benefit = {{ benefit }}
            and terms.is_fraud = {{ is_fraud }}
            and {{ is_in_force('terms', established_date) }}
    )
{%- endmacro %}

{#
Prescription dates after interruptions. Set-based: a claim's interruptions in order of date form a chain; each must come
before the date in force then, which is the later of the first date and the restart of the one before it. The chain ends
at the first that comes too late: whatever follows it comes too late as well. So one window gives all of it.

claims: relation with (claim_id, first_date); interruptions: relation with (claim_id, step_key, interrupted_on, step_type)
of steps that may interrupt. Steps that are not of a listed type, came before the claim was issued or had no effect
(outcome not_served or withdrawn) are left out by the caller. step_key settles the order within a day.
Gives (claim_id, prescription_date, interrupted_by, interrupted_on), one row per claim: interrupted_by is the step_key and
interrupted_on the date of the last step that moved the date, null when none did.
#}
{% macro interrupted_prescriptions(claims, interruptions) -%}
    with restarts as (
        select
            claims.claim_id,
            claims.first_date,
            steps.step_key,
            steps.interrupted_on,
            {{ years_added('steps.interrupted_on', 'terms.value') }} as restarted_date
        from {{ claims }} as claims
        inner join {{ interruptions }} as steps on claims.claim_id = steps.claim_id
        inner join {{ ref('law_interruptions') }} as terms
            on steps.step_type = terms.step_type and {{ is_in_force('terms', 'steps.interrupted_on') }}
    ),

    chained as (
        select
            *,
            greatest(first_date, coalesce(max(restarted_date) over (
                partition by claim_id
                order by interrupted_on, step_key
                rows between unbounded preceding and 1 preceding
            ), first_date)) as date_before
        from restarts
    ),

    judged as (
        select
            *,
            max(case when interrupted_on >= date_before then 1 else 0 end) over (
                partition by claim_id
                order by interrupted_on, step_key
                rows between unbounded preceding and current row
            ) = 0 and restarted_date > date_before as has_moved
        from chained
    ),

    moved as (
        select
            claim_id,
            max(restarted_date) as prescription_date,
            {{ last_of('step_key', ['interrupted_on', 'step_key']) }} as interrupted_by,
            max(interrupted_on) as interrupted_on
        from judged
        where has_moved
        group by claim_id
    )

    select
        claims.claim_id,
        coalesce(moved.prescription_date, claims.first_date) as prescription_date,
        moved.interrupted_by,
        moved.interrupted_on
    from {{ claims }} as claims
    left join moved on claims.claim_id = moved.claim_id
{%- endmacro %}
