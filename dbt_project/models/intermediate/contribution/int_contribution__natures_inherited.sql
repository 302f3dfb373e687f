{#- Named outside the condition, for dbt to see the dependencies when it parses. -#}
{%- set all_charges = ref('stg_charges') -%}
{%- set charges_in_scope = ref('int_contribution__charges_scoped') -%}
-- Ruling A13: a charge of an affiliate without category takes the nature of the charge it points to, however far.
with recursive without_category as (
    select
        charge_number,
        related_charge_number
    from {{ ref('int_contribution__charges_scoped') }}
    where category is null and related_charge_number is not null and account_key < 100000000
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
)

select
    ancestors.charge_number,
    min(categories.nature) as nature
from ancestors
-- Not limited to the charges in scope: the related charge may belong to an account that is not touched.
{% if is_incremental_build() -%}
inner join {{ all_charges }} as related
    on {{ id_text('D', 'ancestors.related_charge_number') }} = related.charge_id
{%- else -%}
inner join {{ charges_in_scope }} as related
    on ancestors.related_charge_number = related.charge_number
{%- endif %}
inner join {{ ref('categories') }} as categories
    on related.category = categories.category
group by ancestors.charge_number
