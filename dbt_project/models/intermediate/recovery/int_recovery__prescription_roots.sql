-- C10: surcharges and costs follow the charge they belong to, however far up. Without one, or in a circle, a charge
-- stands for itself; so it does when a full delivery left that charge out (F4, F6).
with recursive accessories as (
    select
        charge_id,
        related_charge_id
    from {{ ref('fct_charges') }}
    where
        not is_contribution(charge_type)
        and charge_type <> 'cancellation'
        and related_charge_id is not null
),

outstanding as (
    select charge_id
    from {{ ref('fct_charges') }}
    where outstanding_amount > 0
),

-- union (not union all) ends a circle.
climbed as (
    select
        accessories.charge_id,
        accessories.related_charge_id as ancestor_id
    from accessories
    inner join outstanding on accessories.charge_id = outstanding.charge_id
    union
    select
        climbed.charge_id,
        accessories.related_charge_id as ancestor_id
    from climbed
    inner join accessories on climbed.ancestor_id = accessories.charge_id
),

known as (
    select charge_id
    from {{ ref('fct_charges') }}
    where charge_id in (select climbed.ancestor_id from climbed)
),

-- The last of them that is there.
tops as (
    select
        climbed.charge_id,
        min(climbed.ancestor_id) as root_id
    from climbed
    inner join known on climbed.ancestor_id = known.charge_id
    left join accessories on climbed.ancestor_id = accessories.charge_id
    left join known as parents on accessories.related_charge_id = parents.charge_id
    where parents.charge_id is null
    group by climbed.charge_id
)

select
    outstanding.charge_id,
    coalesce(tops.root_id, outstanding.charge_id) as root_charge_id
from outstanding
left join tops on outstanding.charge_id = tops.charge_id
