{#- Named outside the condition, for dbt to see the dependencies when it parses. -#}
{%- set scoped = ref('int_contribution__charges_scoped') -%}
{%- set is_touched = only_touched('charges.account_key', touched_by='account_key') -%}
{%- set last_charges = last_release('contribution', 'fct_charges_ledger') -%}
-- Ruling A13: a charge of an affiliate without category takes the nature of the charge it points to, however far.
with recursive without_category as (
    select
        charge_number,
        related_charge_number
    from {{ scoped }}
    where category is null and related_charge_number is not null and account_key < {{ first_company_key() }}
),

-- Only the few whose parent has no category either need to climb; union (not union all) ends a circle.
climbed as (
    select
        children.charge_number,
        parents.related_charge_number
    from without_category as children
    inner join without_category as parents on children.related_charge_number = parents.charge_number
    union
    select
        climbed.charge_number,
        parents.related_charge_number
    from climbed
    inner join without_category as parents on climbed.related_charge_number = parents.charge_number
),

ancestors as (
    select * from without_category
    union all
    select * from climbed
),

wanted as (
    select distinct related_charge_number
    from ancestors
),

related as (
    select
        charges.charge_number,
        categories.nature
    from {{ scoped }} as charges
    inner join wanted
        on charges.charge_number = wanted.related_charge_number
    inner join {{ ref('categories') }} as categories on charges.category = categories.category
    {% if is_incremental_build() -%}
    union all
    -- The related charge may belong to an account that is not touched: then it is what it was in the last release, also
    -- where it took its nature from another one.
    select
        charges.charge_number,
        cast(charges.nature as varchar) as nature
    from {{ last_charges }} as charges
    inner join wanted
        on charges.charge_number = wanted.related_charge_number
    where not ({{ is_touched }}) and charges.account_key < {{ first_company_key() }} and charges.nature <> 'unknown'
    {%- endif %}
)

select
    ancestors.charge_number,
    min(natures.rank) as nature_rank
from ancestors
inner join related on ancestors.related_charge_number = related.charge_number
inner join {{ ref('natures') }} as natures on related.nature = natures.nature
group by ancestors.charge_number
