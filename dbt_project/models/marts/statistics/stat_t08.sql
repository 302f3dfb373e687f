{#- The cells as they are published: quarters become rows, codes become readable again, and the rate is taken of the two
    amounts of the same cell. -#}
{% set dimensions = [
    'contribution_year', 'contribution_quarter', 'group_rank', 'claim_rank', 'nature_rank', 'collection_year'
] %}
with amounts as (
    {%- for measure in ['claimed', 'collected'] %}
    {%- for quarter in claim_quarters() + ['_T'] %}
    {%- set column = measure ~ ('_all' if quarter == '_T' else '_' ~ quarter | lower) %}
    select
        contribution_year,
        '{{ quarter }}' as contribution_quarter,
        group_rank,
        claim_rank,
        nature_rank,
        collection_year,
        '{{ measure }}_amount' as measure,
        coalesce({{ column }}, 0) as obs_value,
        {{ column }}_contributors as contributors,
        {{ column }}_largest as largest_contribution,
        {{ column }}_second as second_contribution
    from {{ ref('int_statistics__claims_counted') }}
    {%- if measure == 'claimed' %}
    where claimed_all_contributors > 0 and {{ column }}_contributors > 0
    {%- else %}
    -- Nothing collected of what was claimed is a figure; nothing collected in some year is not.
    where {{ column }}_contributors > 0 or {{ column | replace('collected', 'claimed') }}_contributors > 0
    {%- endif %}
    {{ 'union all' if not (loop.last and measure == 'collected') }}
    {%- endfor %}
    {%- endfor %}
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

cells as (
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
    coalesce(cast(cells.contribution_year as varchar), '_T') as ref_period,
    coalesce(cast(cells.contribution_year as varchar), '_T') as contribution_year,
    cells.contribution_quarter,
    group_heads.claim_group,
    coalesce(claim_types.charge_type, '_T') as claim_type,
    coalesce(natures.nature, '_T') as nature,
    coalesce(cast(cells.collection_year as varchar), '_T') as collection_year,
    cells.measure,
    cells.obs_value,
    cast(cells.contributors as bigint) as contributors,
    cast(cells.largest_contribution as decimal(18, 2)) as largest_contribution,
    cast(cells.second_contribution as decimal(18, 2)) as second_contribution
from cells
inner join {{ ref('claim_types') }} as group_heads on cells.group_rank = group_heads.rank
left join {{ ref('claim_types') }} as claim_types on cells.claim_rank = claim_types.rank
left join {{ ref('natures') }} as natures on cells.nature_rank = natures.rank
