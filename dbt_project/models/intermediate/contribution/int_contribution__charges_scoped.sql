{#- Named outside the condition, for dbt to see the dependencies when it parses. -#}
{%- set delivered, changes = ref('stg_charges'), ref('stg_charges__changes') -%}
{%- set before = ref('int_contribution__charges_before') -%}
with category_natures as (
    select
        cast(categories.category as {{ code_type('category') }}) as category,
        natures.rank as nature_rank
    from {{ ref('categories') }} as categories
    inner join {{ ref('natures') }} as natures on categories.nature = natures.nature
),

claim_ranks as (
    select
        cast(charge_type as {{ code_type('charge_type') }}) as charge_type,
        rank
    from {{ ref('claim_types') }}
),

other_natures as (
    select
        max(case when nature = 'company' then rank end) as company_rank,
        max(case when nature = 'unknown' then rank end) as unknown_rank
    from {{ ref('natures') }}
),

charges as (
    {%- if is_incremental_build() %}
    -- What did not change is what it was in the last ledger, which is at hand: of 50 million delivered rows none is
    -- looked at again.
    select
        cast(charge_number as ubigint) as charge_number,
        account_key,
        charge_type,
        contribution_year,
        contribution_quarter,
        category,
        issue_date,
        due_date,
        gross_amount as amount,
        cast(related_charge_number as ubigint) as related_charge_number
    from {{ before }}
    where
        charge_number not in (
            select cast({{ id_number('changed.charge_id') }} as bigint) from {{ changes }} as changed
        )
    union all
    {%- endif %}
    select
        {{ id_number('charge_id') }} as charge_number,
        {{ account_key('account_id') }} as account_key,
        cast(charge_type as {{ code_type('charge_type') }}) as charge_type,
        contribution_year,
        contribution_quarter,
        cast(category as {{ code_type('category') }}) as category,
        issue_date,
        due_date,
        amount,
        {{ id_number('related_charge_id') }} as related_charge_number
    {%- if is_incremental_build() %}
    from {{ changes }}
    where _change = 'after'
    {%- else %}
    from {{ delivered }}
    {%- endif %}
)

select
    charges.*,
    {{ claim_code(
        'charges.issue_date',
        'charges.contribution_year',
        'charges.contribution_quarter',
        'coalesce(claim_ranks.rank, 0)',
        "case when charges.account_key >= " ~ first_company_key() ~ " then other_natures.company_rank "
        ~ "else coalesce(category_natures.nature_rank, other_natures.unknown_rank) end"
    ) }} as claim_code
from charges
left join claim_ranks on charges.charge_type = claim_ranks.charge_type
left join category_natures on charges.category = category_natures.category
cross join other_natures
