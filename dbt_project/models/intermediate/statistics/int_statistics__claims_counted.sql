{#
Cells of T08 with every margin over year and type; quarters still side by side, as columns. Accounts overlap between
cells, so such a margin cannot be added up from cells: contributors and largest contributions are taken anew from the
accounts. Natures hardly overlap: an account that has one nature only is in one cell of each margin, and its cells can be
added up later (has_one_nature); only the other accounts are taken anew over all their natures.
#}
{% set amounts = claim_columns('claimed') + claim_columns('collected') %}
{% set margins = [] %}
{% for all_years in [false, true] %}
{% for all_types in [false, true] %}
{% for all_natures in [false, true] %}
{% do margins.append({'contribution_year': all_years, 'claim_rank': all_types, 'nature_rank': all_natures}) %}
{% endfor %}
{% endfor %}
{% endfor %}
{% for margin in margins %}
{%- set keys = ['group_rank', 'collection_year'] %}
{%- for name, is_total in margin.items() if not is_total %}{% do keys.append(name) %}{% endfor %}
{{ 'union all' if not loop.first }}
select
    has_one_nature,
    group_rank,
    collection_year,
    {%- for name, is_total in margin.items() %}
    {{ ('cast(null as smallint) as ' ~ name) if is_total else name }},
    {%- endfor %}
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
        *,
        {%- for measure in ['claimed', 'collected'] %}
        cast(
            {%- for column in claim_columns(measure) %}
            coalesce({{ column }}, 0){{ ' +' if not loop.last }}
            {%- endfor %}
            as decimal(18, 2)
        ) as {{ measure }}_all{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            account_key,
            has_one_nature,
            {{ keys | join(',\n            ') }},
            {%- for column in amounts %}
            cast(sum({{ column }}) as decimal(18, 2)) as {{ column }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ ref('int_statistics__claims_summed') }}
        {%- if margin['nature_rank'] %}
        where not has_one_nature
        {%- endif %}
        group by
            account_key,
            has_one_nature,
            {{ keys | join(',\n            ') }}
    ) as accounts
) as totalled
group by
    has_one_nature,
    {{ keys | join(',\n    ') }}
{%- endfor %}
