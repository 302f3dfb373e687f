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

{# Every column of amounts that a cell of claims has: the five places of both measures, and both totals. #}
{% macro claim_amounts() -%}
    {{ return(
        claim_columns('claimed') + ['claimed_all'] + claim_columns('collected') + ['collected_all']
    ) }}
{%- endmacro %}

{# What tells cells of claims apart (int_statistics__claims_summed less the account). #}
{% macro claim_keys() -%}
    {{ return([
        'has_one_nature', 'group_rank', 'collection_year', 'contribution_year', 'claim_rank', 'nature_rank'
    ]) }}
{%- endmacro %}

{# How many of the largest contributions a cell keeps, so that a daily build still knows the first two (stat_t08_cells). #}
{% macro leaders_kept() -%}
    16
{%- endmacro %}

{#
What tells an account's rows apart, as one number, which is grouped and joined at a fraction of the price of seven columns:

  account 28 bits | rank of the group 4 | collection year 12 | contribution year less 1900 8
  | 1 free | is alone 1 | has one nature 1 | rank of the type 4 | rank of the nature 4

Contribution year, type and nature lie as in a claim code without its quarter (macros/ledger_codes.sql). A dimension that
is 0 is not told apart: the margin over it, or all collection years together.
#}
{% macro claim_dimensions() -%}
    {{ return({
        'nature_rank': {'bits': 4, 'place': 0, 'base': 0},
        'claim_rank': {'bits': 4, 'place': 4, 'base': 0},
        'contribution_year': {'bits': 8, 'place': 11, 'base': 1900},
        'collection_year': {'bits': 12, 'place': 19, 'base': 0},
        'group_rank': {'bits': 4, 'place': 31, 'base': 0}
    }) }}
{%- endmacro %}

{# Place of the account in the number, and of its flags. #}
{% macro claim_account_place() -%}
    35
{%- endmacro %}

{% macro claim_flags() -%}
    {{ return({'has_one_nature': 8, 'is_alone': 9}) }}
{%- endmacro %}

{# The part of the number that an account or a flag is; the account of a number, whether it has a flag, and what is left
   without the account: the cell. #}
{% macro claim_place_of_account(account_key) -%}
    (cast({{ account_key }} as ubigint) << {{ claim_account_place() }})
{%- endmacro %}

{% macro claim_place_flag(flag, value) -%}
    (cast({{ value }} as ubigint) << {{ claim_flags()[flag] }})
{%- endmacro %}

{% macro claim_place_has(place, flag) -%}
    (({{ place }} & {{ 2 ** claim_flags()[flag] }}) <> 0)
{%- endmacro %}

{% macro claim_account(place) -%}
    ({{ place }} >> {{ claim_account_place() }})
{%- endmacro %}

{% macro claim_cell(place) -%}
    ({{ place }} & {{ 2 ** (claim_account_place() | int) - 1 }})
{%- endmacro %}

{# A dimension of the number, null where it is not told apart; and the number without it. #}
{% macro claim_dimension(place, name) -%}
    {%- set dimension = claim_dimensions()[name] -%}
    cast(
        nullif(({{ place }} >> {{ dimension.place }}) & {{ 2 ** dimension.bits - 1 }}, 0) + {{ dimension.base }} as smallint
    )
{%- endmacro %}

{% macro claim_place_over(place, name) -%}
    {%- set dimension = claim_dimensions()[name] -%}
    ({{ place }} - ({{ place }} & {{ (2 ** dimension.bits - 1) * 2 ** dimension.place }}))
{%- endmacro %}

{# Accounts added up over one of the dimensions (contribution_year, claim_rank, nature_rank). #}
{% macro claims_over(claims, dimension, condition) -%}
    select
        {{ claim_place_over('claim_place', dimension) }} as claim_place,
        {%- for name in claim_columns('claimed') + claim_columns('collected') %}
        cast(sum({{ name }}) as decimal(18, 2)) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ claims }} as claims
    where {{ condition }}
    group by {{ claim_place_over('claim_place', dimension) }}
{%- endmacro %}

{# Accounts counted: one row per cell, with sum, contributors and largest contributions of each column of amounts. #}
{% macro claims_counted(claims) -%}
    select
        {%- for name in claim_dimensions() %}
        {{ claim_dimension('claim_cell', name) }} as {{ name }},
        {%- endfor %}
        {{ claim_place_has('claim_cell', 'has_one_nature') }} as has_one_nature,
        {{ claim_place_has('claim_cell', 'is_alone') }} as is_alone,
        {%- for name in claim_amounts() %}
        cast(sum({{ name }}) as decimal(18, 2)) as {{ name }},
        count({{ name }}) as {{ name }}_contributors,
        {{ largest('abs(' ~ name ~ ')', leaders_kept()) }} as {{ name }}_leaders
        {{- ',' if not loop.last }}
        {%- endfor %}
    from (
        -- Who brings nothing is no contributor; what is null costs no filter of its own in each aggregate.
        select
            {{ claim_cell('claim_place') }} as claim_cell,
            {%- for measure in ['claimed', 'collected'] %}
            {%- for name in claim_columns(measure) %}
            nullif({{ name }}, 0) as {{ name }},
            {%- endfor %}
            nullif(
                cast(coalesce({{ claim_columns(measure) | join(', 0) + coalesce(') }}, 0) as decimal(18, 2)), 0
            ) as {{ measure }}_all{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ claims }} as claims
    ) as totalled
    group by claim_cell
{%- endmacro %}

{#
All cells of claims, one row per cell and column of amounts that has a contributor. Accounts overlap between cells, so a
margin over year or type cannot be added up from cells: contributors and largest contributions are taken anew from the
accounts. But an account that has one type of claim only where a margin over types looks (nearly all) is in one cell of
it: those accounts are counted apart (is_alone), their cells then belong to the margin as they are, and only the others
are added up. Natures hardly overlap either: an account with one nature is in one cell of each margin, and its cells can
be added up later (has_one_nature); only the other accounts are taken anew over all their natures.
#}
{% macro claim_cells(claims) -%}
    {%- set keys = claim_keys() -%}
    {%- set has_one_nature = claim_place_has('claim_place', 'has_one_nature') -%}
    {%- set is_alone = claim_place_has('claim_place', 'is_alone') -%}
    {%- set over_types = claim_place_over('claim_place', 'claim_rank') -%}
    {%- set bases = {
        'claims_themselves': (claims, none, none),
        'over_years': (claims, 'contribution_year', 'true'),
        'over_natures': (claims, 'nature_rank', 'not ' ~ has_one_nature),
        'over_natures_and_years': ('over_natures', 'contribution_year', 'true')
    } -%}
    with
    {%- for base, (from_claims, dimension, condition) in bases.items() %}
    {{ base }} as (
        {%- if dimension %}
        {{ claims_over(from_claims, dimension, condition) }}
        {%- else %}
        select * from {{ from_claims }} as claims
        {%- endif %}
    ),

    {{ base }}_places as (
        select {{ over_types }} as claim_place
        from {{ base }}
        group by {{ over_types }}
        having count(*) > 1
    ),

    {{ base }}_flagged as (
        select
            {{ base }}.* replace (
                {{ base }}.claim_place + {{ claim_place_flag('is_alone', 'places.claim_place is null') }} as claim_place
            )
        from {{ base }}
        left join {{ base }}_places as places
            on {{ claim_place_over(base ~ '.claim_place', 'claim_rank') }} = places.claim_place
    ),

    {{ base }}_counted as (
        {{ claims_counted(base ~ '_flagged') }}
    ),

    {{ base }}_over_types as (
        {{ claims_over(base ~ '_flagged', 'claim_rank', 'not ' ~ is_alone) }}
    ),
    {%- endfor %}

    wide as (
        {%- for base in bases %}
        select {{ (keys + claim_amount_columns()) | join(', ') }} from {{ base }}_counted
        union all
        select
            {%- for name in keys %}
            {{ 'cast(null as smallint) as claim_rank' if name == 'claim_rank' else name }},
            {%- endfor %}
            {{ claim_amount_columns() | join(', ') }}
        from {{ base }}_counted
        where is_alone
        union all
        select {{ (keys + claim_amount_columns()) | join(', ') }}
        from ({{ claims_counted(base ~ '_over_types') }}) as {{ base }}_over_types_counted
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    ),

    parts as (
        {%- for name in claim_amounts() %}
        select
            {{ keys | join(',\n            ') }},
            '{{ name }}' as column_name,
            {{ name }} as amount,
            {{ name }}_contributors as contributors,
            {{ name }}_leaders as leaders
        from wide
        where {{ name }}_contributors > 0
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    )

    {{ claim_cells_merged('parts') }}
{%- endmacro %}

{# The three columns of each amount in the wide cells. #}
{% macro claim_amount_columns() -%}
    {%- set names = [] -%}
    {%- for name in claim_amounts() -%}
        {%- do names.extend([name, name ~ '_contributors', name ~ '_leaders']) -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}

{# Parts of cells that share no account: they add up, and the largest contributions are among those of the parts. #}
{% macro claim_cells_merged(parts) -%}
    {%- set keys = claim_keys() + ['column_name'] -%}
    select
        {{ keys | join(',\n        ') }},
        cast(sum(amount) as decimal(18, 2)) as amount,
        cast(sum(contributors) as bigint) as contributors,
        {{ largest_of_lists('leaders', leaders_kept()) }} as leaders
    from {{ parts }}
    group by {{ keys | join(', ') }}
{%- endmacro %}

{#
What each account was claimed and what it paid, once, at the finest level that T08 shows, from the two ledger tables.
Everything asked of a claim is in its code, which each allocation carries: at the size of the country nothing is looked
up for 45 million charges and 60 million allocations. The condition chooses accounts, by account_key or account_id.
#}
{% macro claims_summed(charges, allocations, as_of, condition) -%}
{%- set claim_types = ref('claim_types') -%}
{%- set place = '(' ~ claim_place_of_account('account_key') ~ ' + ' ~ claim_code_of_year('claim_code') ~ ')' -%}
{%- set place_of_year -%}
    ({{ place }} + (
        cast(extract(year from value_date) - {{ claim_dimensions().collection_year.base }} as ubigint)
        << {{ claim_dimensions().collection_year.place }}
    ))
{%- endset -%}
-- A group goes by the rank of its first type.
with group_heads as (
    select
        claim_group,
        min(rank) as rank
    from {{ claim_types }}
    group by claim_group
),

type_groups as (
    select
        claim_types.rank as claim_rank,
        group_heads.rank as group_rank
    from {{ claim_types }} as claim_types
    inner join group_heads on claim_types.claim_group = group_heads.claim_group
),

claimed as (
    select
        {{ place }} as claim_place,
        {{ amount_by_quarter('net_amount', 'contribution_quarter', 'claimed') }},
        {{ amount_by_quarter('collected_amount', 'contribution_quarter', 'collected') }}
    from {{ charges }}
    where net_amount > 0 and {{ condition }}
    group by {{ place }}
),

collected as (
    select
        {{ place_of_year }} as claim_place,
        {{ amount_by_quarter('allocated_amount', 'nullif(' ~ claim_quarter('claim_code') ~ ', 0)', 'collected') }}
    from {{ allocations }}
    where
        credit_kind = 0
        and value_date <= {{ as_of }}
        and {{ condition }}
    group by {{ place_of_year }}
),

-- One account in ten has claims of several natures.
mixed_accounts as (
    select {{ claim_account('claim_place') }} as account_key
    from claimed
    group by {{ claim_account('claim_place') }}
    having min({{ claim_dimension('claim_place', 'nature_rank') }}) <> max({{ claim_dimension('claim_place', 'nature_rank') }})
),

-- Without a collection year: what was claimed, and all that was collected of it. With one: what came in that year.
measured as (
    select
        claim_place,
        {{ (claim_columns('claimed') + claim_columns('collected')) | join(',\n        ') }}
    from claimed
    union all
    select
        claim_place,
        {% set nothing = 'cast(null as decimal(18, 2)) as ' %}
        {{ nothing ~ claim_columns('claimed') | join(',\n        ' ~ nothing) }},
        {{ claim_columns('collected') | join(',\n        ') }}
    from collected
),

described as (
    select
        measured.*,
        type_groups.group_rank,
        mixed_accounts.account_key is null as has_one_nature
    from measured
    left join mixed_accounts on {{ claim_account('measured.claim_place') }} = mixed_accounts.account_key
    inner join type_groups on {{ claim_dimension('measured.claim_place', 'claim_rank') }} = type_groups.claim_rank
)

select
    cast({{ claim_account('claim_place') }} as integer) as account_key,
    claim_place + (cast(group_rank as ubigint) << {{ claim_dimensions().group_rank.place }})
    + {{ claim_place_flag('has_one_nature', 'has_one_nature') }} as claim_place,
    {{ (claim_columns('claimed') + claim_columns('collected')) | join(',\n    ') }}
from described
{%- endmacro %}

{# The long rows of claim_cells turned into columns: each amount with its contributors and two largest contributions. #}
{% macro claim_amounts_side_by_side() -%}
    {%- for name in claim_amounts() -%}
    {%- set this = "filter (where column_name = '" ~ name ~ "')" -%}
    max(amount) {{ this }} as {{ name }},
    coalesce(max(contributors) {{ this }}, 0) as {{ name }}_contributors,
    max(leaders[1]) {{ this }} as {{ name }}_largest,
    max(leaders[2]) {{ this }} as {{ name }}_second{{ ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
