{#- Named outside the condition, for dbt to see the dependencies when it parses. -#}
{%- set all_charges = ref('stg_charges') -%}
{%- set reassessed = ref('int_contribution__accounts_reassessed') -%}
{%- set charges_in_scope = ref('int_contribution__charges_scoped') -%}
-- Surcharges beside the charge they increase: what kind of claim it is, from when they may run, and what stops them.
with surcharges as (
    {% if is_incremental_build() -%}
    select
        charge_id,
        related_charge_id
    from {{ all_charges }}
    where
        charge_type in ('surcharge_quarterly', 'surcharge_annual', 'company_surcharge')
        and {{ only_reassessed('account_id') }}
    {%- else -%}
    select
        {{ id_text('D', 'charge_number') }} as charge_id,
        {{ id_text('D', 'related_charge_number') }} as related_charge_id
    from {{ charges_in_scope }}
    where charge_type in ('surcharge_quarterly', 'surcharge_annual', 'company_surcharge')
    {%- endif %}
),

stops as (
    select
        links.charge_id,
        min(steps.step_date) as stop_date
    from {{ ref('stg_recovery_steps') }} as steps
    inner join {{ ref('stg_recovery_case_charges') }} as links on steps.case_id = links.case_id
    where {{ stops_surcharges('steps') }} and steps.step_date <= {{ as_of_date() }}
    group by links.charge_id
),

-- Who was affiliated before the start: the first quarters are claimed later (RG art. 44 §2).
early_starters as (
    select distinct
        affiliations.affiliate_id as account_id,
        {{ quarter_index('affiliations.start_date') }} as first_quarter,
        rules.applies_to_quarters
    from {{ ref('stg_affiliations') }} as affiliations
    inner join {{ ref('law_surcharges') }} as rules on rules.surcharge_kind = 'starter' and rules.period = 'quarter'
    where
        affiliations.origin in ('voluntary', 'resumption')
        and affiliations.registered_date <= affiliations.start_date
        and coalesce(affiliations.end_reason, '') <> 'annulled'
),

starters as (
    select distinct ledger.charge_id
    from surcharges
    inner join {{ ref('fct_charges_ledger') }} as ledger on surcharges.related_charge_id = ledger.charge_id
    inner join early_starters
        on
            ledger.account_id = early_starters.account_id
            and ledger.contribution_year * 4 + ledger.contribution_quarter - 1 >= early_starters.first_quarter
            and ledger.contribution_year * 4 + ledger.contribution_quarter - 1
            < early_starters.first_quarter + early_starters.applies_to_quarters
    where ledger.charge_type = 'provisional'
)

select
    own.charge_id,
    own.account_id,
    own.charge_type,
    own.issue_date,
    own.gross_amount,
    own.cancelled_amount,
    related.charge_id as related_charge_id,
    related.due_date as related_due_date,
    related.gross_amount as related_gross_amount,
    related.net_amount as related_net_amount,
    case
        when related.charge_type = 'company_contribution' then 'company'
        when related.charge_type = 'regularisation' then 'regularisation'
        when starters.charge_id is not null then 'starter'
        when related.charge_type = 'provisional' then 'provisional'
    end as surcharge_kind,
    case
        when related.charge_type = 'regularisation' or starters.charge_id is not null then related.issue_date
        else related.due_date
    end as claimed_date,
    stops.stop_date,
    -- The quarter or year end that the notice looks back on.
    case own.charge_type
        when 'surcharge_quarterly' then {{ days_added(quarter_start(days_added('own.issue_date', 1)), -1) }}
        when 'surcharge_annual'
            then {{ days_added(year_start('extract(year from (own.issue_date + 1))'), -1) }}
    end as fall_date
from surcharges
inner join {{ ref('fct_charges_ledger') }} as own on surcharges.charge_id = own.charge_id
left join {{ ref('fct_charges_ledger') }} as related on surcharges.related_charge_id = related.charge_id
left join starters on related.charge_id = starters.charge_id
left join stops on related.charge_id = stops.charge_id
