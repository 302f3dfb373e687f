{#- Named outside the condition, for dbt to see the dependencies when it parses. -#}
{%- set all_charges = ref('stg_charges') -%}
{%- set reassessed = ref('int_contribution__accounts_reassessed') -%}
{%- set charges_in_scope = ref('int_contribution__charges_scoped') -%}
{%- set incremental = is_incremental_build() -%}
-- Charges that have a legal amount, and the cancellations that point to them. A full build has them all at hand.
with claims as (
    {% if incremental -%}
    select
        {{ id_number('charge_id') }} as charge_number,
        {{ account_key('account_id') }} as account_key,
        charge_type,
        contribution_year,
        contribution_quarter,
        category,
        issue_date,
        amount,
        {{ id_number('related_charge_id') }} as related_charge_number
    from {{ all_charges }}
    where {{ only_reassessed('account_id') }}
    {%- else -%}
    select * from {{ charges_in_scope }}
    {%- endif %}
),

cancellations as (
    select
        related_charge_number,
        sum(-amount) as cancelled_amount
    from claims
    where charge_type = 'cancellation'
    group by related_charge_number
)

select
    claims.charge_number,
    claims.account_key,
    claims.charge_type,
    cast(claims.contribution_year as smallint) as contribution_year,
    cast(claims.contribution_quarter as tinyint) as contribution_quarter,
    claims.category,
    claims.issue_date,
    cast(claims.amount as decimal(18, 2)) as gross_amount,
    cast(coalesce(cancellations.cancelled_amount, 0) as decimal(18, 2)) as cancelled_amount
from claims
left join cancellations on claims.charge_number = cancellations.related_charge_number
where claims.charge_type in ('provisional', 'regularisation', 'company_contribution')
