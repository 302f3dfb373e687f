-- A13: a charge of an affiliate without category takes the nature of the charge it points to, followed up the chain.
with recursive without_category as (
    select
        charge_id,
        related_charge_id
    from {{ ref('stg_charges') }}
    where category is null and related_charge_id is not null and account_id like 'A%'
),

-- union (not union all) ends a circle.
ancestors as (
    select
        charge_id,
        related_charge_id as ancestor_id
    from without_category
    union
    select
        ancestors.charge_id,
        without_category.related_charge_id as ancestor_id
    from ancestors
    inner join without_category on ancestors.ancestor_id = without_category.charge_id
)

select
    ancestors.charge_id,
    categories.nature
from ancestors
inner join {{ ref('stg_charges') }} as related on ancestors.ancestor_id = related.charge_id
inner join {{ ref('categories') }} as categories on related.category = categories.category
