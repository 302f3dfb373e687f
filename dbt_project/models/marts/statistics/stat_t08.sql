-- T08 of statistics-tables.md. Its parts (int_statistics__contributions_summed) share no account, so their sums and
-- contributors add up, and the two largest contributions are the two largest of the parts.
with parts as (
    select * from {{ ref('int_statistics__contributions_summed') }}
    union all
    -- The total over the natures, of the accounts that have one only.
    select * replace (null as nature) from {{ ref('int_statistics__contributions_summed') }}
    where has_one_nature
),

amounts as (
    select
        coalesce(cast(contribution_year as varchar), '_T') as contribution_year,
        coalesce(contribution_quarter, '_T') as contribution_quarter,
        claim_group,
        coalesce(claim_type, '_T') as claim_type,
        coalesce(nature, '_T') as nature,
        coalesce(cast(collection_year as varchar), '_T') as collection_year,
        measure,
        cast(sum(obs_value) as decimal(24, 6)) as obs_value,
        sum(contributors) as contributors,
        list_reverse_sort(flatten(list(two_largest))) as largest
    from parts
    group by all
),

-- Nothing collected of what was claimed is a figure; nothing collected in some year is not.
shown as (
    select *
    from amounts
    where collection_year = '_T' or contributors > 0
),

rates as (
    select
        collected.* replace (
            'perception_pct' as measure,
            -- Back to a decimal at once: beside a float, amounts would become floats.
            cast(100 * collected.obs_value / claimed.obs_value as decimal(24, 6)) as obs_value,
            claimed.contributors as contributors,
            null as largest
        )
    from shown as collected
    inner join shown as claimed
        on
            collected.contribution_year = claimed.contribution_year
            and collected.contribution_quarter = claimed.contribution_quarter
            and collected.claim_group = claimed.claim_group
            and collected.claim_type = claimed.claim_type
            and collected.nature = claimed.nature
    where collected.measure = 'collected_amount' and claimed.measure = 'claimed_amount'
)

select
    contribution_year as ref_period,
    contribution_year,
    contribution_quarter,
    claim_group,
    claim_type,
    nature,
    collection_year,
    measure,
    obs_value,
    cast(contributors as bigint) as contributors,
    cast(largest[1] as decimal(18, 2)) as largest_contribution,
    cast(largest[2] as decimal(18, 2)) as second_contribution
from (
    from shown
    union all
    from rates
) as measures
