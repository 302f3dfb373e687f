{#
What each account was claimed and what it paid, once, at the finest level that T08 shows. Identifiers and codes travel
as numbers: at the size of the country this reads 45 million charges and 60 million allocations.
#}
-- A group goes by the rank of its first type.
with group_heads as (
    select
        claim_group,
        min(rank) as rank
    from {{ ref('claim_types') }}
    group by claim_group
),

charges as (
    select
        {{ id_number('charges.charge_id') }} as charge_number,
        cast({{ account_key('charges.account_id') }} as integer) as account_key,
        cast(claim_types.rank as smallint) as claim_rank,
        cast(group_heads.rank as smallint) as group_rank,
        cast(natures.rank as smallint) as nature_rank,
        cast(charges.contribution_year as smallint) as contribution_year,
        cast(charges.contribution_quarter as smallint) as contribution_quarter,
        charges.net_amount,
        charges.collected_amount
    from {{ ref('fct_charges') }} as charges
    inner join {{ ref('claim_types') }} as claim_types on charges.charge_type = claim_types.charge_type
    inner join group_heads on claim_types.claim_group = group_heads.claim_group
    inner join {{ ref('natures') }} as natures on charges.nature = natures.nature
    where charges.net_amount > 0
),

claimed as (
    select
        account_key,
        group_rank,
        claim_rank,
        nature_rank,
        contribution_year,
        {{ amount_by_quarter('net_amount', 'contribution_quarter', 'claimed') }},
        {{ amount_by_quarter('collected_amount', 'contribution_quarter', 'collected') }}
    from charges
    group by account_key, group_rank, claim_rank, nature_rank, contribution_year
),

collections as (
    select
        {{ id_number('allocations.charge_id') }} as charge_number,
        cast(extract(year from allocations.value_date) as smallint) as collection_year,
        allocations.allocated_amount
    from {{ ref('fct_allocations') }} as allocations
    where
        allocations.credit_type = 'payment'
        and allocations.value_date <= {{ as_of_date() }}
),

collected as (
    select
        charges.account_key,
        charges.group_rank,
        charges.claim_rank,
        charges.nature_rank,
        charges.contribution_year,
        collections.collection_year,
        {{ amount_by_quarter('collections.allocated_amount', 'charges.contribution_quarter', 'collected') }}
    from collections
    inner join charges on collections.charge_number = charges.charge_number
    group by
        charges.account_key,
        charges.group_rank,
        charges.claim_rank,
        charges.nature_rank,
        charges.contribution_year,
        collections.collection_year
),

account_natures as (
    select
        account_key,
        min(nature_rank) = max(nature_rank) as has_one_nature
    from claimed
    group by account_key
),

-- Without a collection year: what was claimed, and all that was collected of it. With one: what came in that year.
measured as (
    select
        account_key,
        group_rank,
        claim_rank,
        nature_rank,
        contribution_year,
        cast(null as smallint) as collection_year,
        {{ (claim_columns('claimed') + claim_columns('collected')) | join(',\n        ') }}
    from claimed
    union all
    select
        account_key,
        group_rank,
        claim_rank,
        nature_rank,
        contribution_year,
        collection_year,
        {% set nothing = 'cast(null as decimal(18, 2)) as ' %}
        {{ nothing ~ claim_columns('claimed') | join(',\n        ' ~ nothing) }},
        {{ claim_columns('collected') | join(',\n        ') }}
    from collected
)

select
    measured.account_key,
    account_natures.has_one_nature,
    measured.group_rank,
    measured.claim_rank,
    measured.nature_rank,
    measured.contribution_year,
    measured.collection_year,
    measured.{{ (claim_columns('claimed') + claim_columns('collected')) | join(',\n    measured.') }}
from measured
inner join account_natures on measured.account_key = account_natures.account_key
