-- Ruling C10: surcharges and costs follow the charge they belong to, however far up. Without one, or in a circle, a
-- charge stands for itself; so it does when a full delivery left that charge out (F4, F6).
with recursive accessories as (
    select
        charge_number,
        related_charge_number
    from {{ ref('fct_charges_ledger') }}
    where
        not {{ is_contribution('charge_type') }}
        and charge_type <> 'cancellation'
        and related_charge_number is not null
),

outstanding as (
    select charge_number
    from {{ charges_in_scope() }}
    where outstanding_amount > 0 and {{ only_scoped_keys('account_key') }}
),

-- union (not union all) ends a circle.
climbed as (
    select
        accessories.charge_number,
        accessories.related_charge_number as ancestor_number
    from accessories
    inner join outstanding on accessories.charge_number = outstanding.charge_number
    union
    select
        climbed.charge_number,
        accessories.related_charge_number as ancestor_number
    from climbed
    inner join accessories on climbed.ancestor_number = accessories.charge_number
),

known as (
    select charge_number
    from {{ ref('fct_charges_ledger') }}
    where charge_number in (select climbed.ancestor_number from climbed)
),

-- The last of them that is there.
tops as (
    select
        climbed.charge_number,
        min(climbed.ancestor_number) as root_number
    from climbed
    inner join known on climbed.ancestor_number = known.charge_number
    left join accessories on climbed.ancestor_number = accessories.charge_number
    left join known as parents on accessories.related_charge_number = parents.charge_number
    where parents.charge_number is null
    group by climbed.charge_number
)

select
    outstanding.charge_number,
    coalesce(tops.root_number, outstanding.charge_number) as root_number
from outstanding
left join tops on outstanding.charge_number = tops.charge_number
