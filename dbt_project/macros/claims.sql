{#
Places of a claim within its year: the four quarters, Y for yearly amounts. Statistics on claims keep one row per account
and year with a column for each, because quarters of one account then need no grouping of their own.
#}
{% macro claim_quarters() -%}
    {{ return(['1', '2', '3', '4', 'Y']) }}
{%- endmacro %}

{# claimed_1 ... claimed_Y: the column of each place. #}
{% macro claim_columns(measure) -%}
    {%- set names = [] -%}
    {%- for quarter in claim_quarters() -%}
        {%- do names.append(measure ~ '_' ~ quarter | lower) -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}

{#
The amount, spread over the columns of the five places. Cast at once: what an engine adds up in 38 digits is several
times slower to store and read again than 18.
#}
{% macro amount_by_quarter(amount, quarter, measure) -%}
    {%- for place in claim_quarters() %}
    cast(sum({{ amount }}) filter (
        where {{ quarter ~ ' is null' if place == 'Y' else quarter ~ ' = ' ~ place }}
    ) as decimal(18, 2)) as {{ measure }}_{{ place | lower }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#
Cells of claims over all of the named dimensions (contribution_year, claim_rank, nature_rank): the accounts are added up
first, then counted. Over all natures only accounts with several are taken (see int_statistics__claims_counted).
#}
{% macro claim_cells(claims, totals) -%}
    {%- set changing = ['contribution_year', 'claim_rank', 'nature_rank'] -%}
    {%- set constant = ['has_one_nature', 'group_rank', 'collection_year'] -%}
    {%- set keys = (constant + (changing | reject('in', totals) | list)) | join(', ') -%}
    select
        {{ constant | join(', ') }},
        {%- for name in changing %}
        {{ ('cast(null as smallint) as ' ~ name) if name in totals else name }},
        {%- endfor %}
        {%- for measure in ['claimed', 'collected'] %}
        {%- for name in claim_columns(measure) + [measure ~ '_all'] %}
        sum({{ name }}) as {{ name }},
        count(*) filter (where {{ name }} <> 0) as {{ name }}_contributors,
        max(abs({{ name }})) filter (where {{ name }} <> 0) as {{ name }}_largest,
        {{ second_largest('abs(' ~ name ~ ')', name ~ ' <> 0') }} as {{ name }}_second
        {{- ',' if not (loop.last and measure == 'collected') }}
        {%- endfor %}
        {%- endfor %}
    from (
        select
            *,
            {%- for measure in ['claimed', 'collected'] %}
            cast(
                coalesce({{ claim_columns(measure) | join(', 0) + coalesce(') }}, 0) as decimal(18, 2)
            ) as {{ measure }}_all{{ ',' if not loop.last }}
            {%- endfor %}
        from (
            {%- if totals %}
            select
                account_key, {{ keys }},
                {%- for name in claim_columns('claimed') + claim_columns('collected') %}
                cast(sum({{ name }}) as decimal(18, 2)) as {{ name }}{{ ',' if not loop.last }}
                {%- endfor %}
            from {{ claims }}
            {{ 'where not has_one_nature' if 'nature_rank' in totals }}
            group by account_key, {{ keys }}
            {%- else %}
            select * from {{ claims }}
            {%- endif %}
        ) as accounts
    ) as totalled
    group by {{ keys }}
{%- endmacro %}
