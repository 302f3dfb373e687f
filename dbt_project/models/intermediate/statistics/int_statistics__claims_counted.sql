{#
Cells of T08 with every margin over year, type and nature; quarters still side by side, as columns. Accounts overlap
between cells, so a margin cannot be added up from cells: contributors and largest contributions are taken anew from the
accounts, once for each of the eight combinations of margins.
#}
{% set amounts = claim_columns('claimed') + claim_columns('collected') %}
with claims as (
    select
        claims.*,
        cast(groups.rank as smallint) as group_rank
    from {{ ref('int_statistics__claims_summed') }} as claims
    inner join {{ ref('claim_types') }} as claim_types on claims.claim_rank = claim_types.rank
    inner join (
        select
            claim_group,
            min(rank) as rank
        from {{ ref('claim_types') }}
        group by claim_group
    ) as groups on claim_types.claim_group = groups.claim_group
)

{%- for all_years in [false, true] %}
{%- for all_types in [false, true] %}
{%- for all_natures in [false, true] %}
{%- set keys = ['account_key', 'group_rank', 'collection_year'] %}
{%- if not all_years %}{% do keys.append('contribution_year') %}{% endif %}
{%- if not all_types %}{% do keys.append('claim_rank') %}{% endif %}
{%- if not all_natures %}{% do keys.append('nature_rank') %}{% endif %}

{{ 'union all' if not (loop.first and not all_years and not all_types) }}
select
    {{ 'cast(null as smallint)' if all_years else 'contribution_year' }} as contribution_year,
    group_rank,
    {{ 'cast(null as smallint)' if all_types else 'claim_rank' }} as claim_rank,
    {{ 'cast(null as smallint)' if all_natures else 'nature_rank' }} as nature_rank,
    collection_year,
    {%- for measure in ['claimed', 'collected'] %}
    {%- for column in claim_columns(measure) + [measure ~ '_all'] %}
    sum({{ column }}) as {{ column }},
    count(*) filter (where {{ column }} <> 0) as {{ column }}_contributors,
    max(abs({{ column }})) filter (where {{ column }} <> 0) as {{ column }}_largest,
    {{ second_largest('abs(' ~ column ~ ')', column ~ ' <> 0') }} as {{ column }}_second
    {{- ',' if not (loop.last and measure == 'collected') }}
    {%- endfor %}
    {%- endfor %}
from (
    select
        {{ keys | join(',\n        ') }},
        {%- for column in amounts %}
        sum({{ column }}) as {{ column }},
        {%- endfor %}
        {%- for measure in ['claimed', 'collected'] %}
        {% for column in claim_columns(measure) -%}
        coalesce(sum({{ column }}), 0){{ ' + ' if not loop.last }}
        {%- endfor %} as {{ measure }}_all{{ ',' if not loop.last }}
        {%- endfor %}
    from claims
    group by
        {{ keys | join(',\n        ') }}
) as accounts
group by
    {{ keys | reject('equalto', 'account_key') | join(',\n    ') }}
{%- endfor %}
{%- endfor %}
{%- endfor %}
