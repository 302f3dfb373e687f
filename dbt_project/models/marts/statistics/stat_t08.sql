{#- The cells as they are published: quarters become rows, codes become readable again, and the rate is taken of the two
    amounts of the same cell. -#}
{% set dimensions = [
    'contribution_year', 'contribution_quarter', 'group_rank', 'claim_rank', 'nature_rank', 'collection_year'
] %}
with cells as (
    {%- for measure in ['claimed', 'collected'] %}
    {%- for quarter in claim_quarters() + ['_T'] %}
    {%- set column = measure ~ ('_all' if quarter == '_T' else '_' ~ quarter | lower) %}
    select
        has_one_nature,
        contribution_year,
        '{{ quarter }}' as contribution_quarter,
        group_rank,
        claim_rank,
        nature_rank,
        collection_year,
        '{{ measure }}_amount' as measure,
        {{ column }} as obs_value,
        {{ column }}_contributors as contributors,
        {{ column }}_largest as largest_contribution,
        {{ column }}_second as second_contribution
    from {{ ref('int_statistics__claims_counted') }}
    -- Nothing collected of what was claimed is a figure; nothing collected in some year is not.
    where {{ column }}_contributors > 0 or {{ column | replace('collected', 'claimed') }}_contributors > 0
    {{ 'union all' if not (loop.last and measure == 'collected') }}
    {%- endfor %}
    {%- endfor %}
),

-- Accounts with one nature and the others never share an account, so their cells add up, and so does the total over the
-- natures of the former; the latter bring their own total.
merged as (
    {%- for nature in ['nature_rank', 'cast(null as smallint)'] %}
    select
        contribution_year,
        contribution_quarter,
        group_rank,
        claim_rank,
        {{ nature }} as nature_rank,
        collection_year,
        measure,
        obs_value,
        contributors,
        largest_contribution,
        second_contribution
    from cells
    where {{ 'nature_rank is not null' if loop.first else 'has_one_nature or nature_rank is null' }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

amounts as (
    select
        {{ dimensions | join(',\n        ') }},
        measure,
        coalesce(sum(obs_value), 0) as obs_value,
        sum(contributors) as contributors,
        max(largest_contribution) as largest_contribution,
        greatest(
            {{ second_largest('largest_contribution', 'largest_contribution is not null') }},
            max(second_contribution)
        ) as second_contribution
    from merged
    group by
        {{ dimensions | join(',\n        ') }},
        measure
),

rates as (
    select
        {% for name in dimensions -%}
        collected.{{ name }},
        {% endfor -%}
        'perception_pct' as measure,
        100 * collected.obs_value / claimed.obs_value as obs_value,
        claimed.contributors,
        cast(null as decimal(18, 2)) as largest_contribution,
        cast(null as decimal(18, 2)) as second_contribution
    from amounts as collected
    inner join amounts as claimed
        on
            coalesce(collected.contribution_year, 0) = coalesce(claimed.contribution_year, 0)
            and collected.contribution_quarter = claimed.contribution_quarter
            and collected.group_rank = claimed.group_rank
            and coalesce(collected.claim_rank, 0) = coalesce(claimed.claim_rank, 0)
            and coalesce(collected.nature_rank, 0) = coalesce(claimed.nature_rank, 0)
    where collected.measure = 'collected_amount' and claimed.measure = 'claimed_amount'
),

published as (
    select
        {{ dimensions | join(',\n        ') }},
        measure,
        cast(obs_value as decimal(24, 6)) as obs_value,
        contributors,
        largest_contribution,
        second_contribution
    from amounts
    union all
    select
        {{ dimensions | join(',\n        ') }},
        measure,
        cast(obs_value as decimal(24, 6)) as obs_value,
        contributors,
        largest_contribution,
        second_contribution
    from rates
)

select
    coalesce(cast(published.contribution_year as varchar), '_T') as ref_period,
    coalesce(cast(published.contribution_year as varchar), '_T') as contribution_year,
    published.contribution_quarter,
    group_heads.claim_group,
    coalesce(claim_types.charge_type, '_T') as claim_type,
    coalesce(natures.nature, '_T') as nature,
    coalesce(cast(published.collection_year as varchar), '_T') as collection_year,
    published.measure,
    published.obs_value,
    cast(published.contributors as bigint) as contributors,
    cast(published.largest_contribution as decimal(18, 2)) as largest_contribution,
    cast(published.second_contribution as decimal(18, 2)) as second_contribution
from published
inner join {{ ref('claim_types') }} as group_heads on published.group_rank = group_heads.rank
left join {{ ref('claim_types') }} as claim_types on published.claim_rank = claim_types.rank
left join {{ ref('natures') }} as natures on published.nature_rank = natures.rank
