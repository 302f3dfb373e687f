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
    case when related.account_id like 'C%' then 'company' else categories.nature end as nature
from ancestors
inner join {{ ref('stg_charges') }} as related on ancestors.ancestor_id = related.charge_id
left join {{ ref('categories') }} as categories on related.category = categories.category
where related.account_id like 'C%' or categories.nature is not null
