{#
Persons at each quarter end, added up to the finest cell that any table shows. At the size of the country this goes
through 45 million (person, quarter end) pairs, so each pair carries three small numbers only: the quarter, a cell of
everything that does not change with time, and the age. Municipalities are told apart at year ends only, the reference
date of the municipal tables; at the other quarter ends a cell is an arrondissement within its linguistic area.
Ages are differences of quarter numbers: a birthday that lies in a quarter has passed by its end.
#}
{% set people = ['nature', 'category', 'quality', 'sex'] %}
{% set district = ['arrondissement_nis', 'province_code', 'region_nis', 'linguistic_area'] %}
{% set grains = {'municipal': people + ['municipality_nis'] + district, 'district': people + district} %}
with stays as (
    select *
    from {{ ref('int_population__stays_resolved') }}
)

{%- for grain, attributes in grains.items() %},

{{ grain }}_cells as (
    select
        cast(row_number() over (order by {{ attributes | join(', ') }}) as integer) as cell_number,
        {{ attributes | join(',\n        ') }}
    from (
        select distinct {{ attributes | join(', ') }}
        from stays
    ) as cells
),

{{ grain }}_pairs as (
    select
        cells.cell_number,
        cast(stays.birth_quarter_index as smallint) as birth_quarter_index,
        cast({{ integers_between('stays.from_quarter_index', 'stays.to_quarter_index') }} as smallint) as quarter_index
    from stays
    inner join {{ grain }}_cells as cells
        on
            {%- for name in attributes %}
            {{ 'and ' if not loop.first }}stays.{{ name }} = cells.{{ name }}
            {%- endfor %}
),

{{ grain }}_counts as (
    select
        quarter_index,
        cell_number,
        cast(
            least(greatest({{ whole_division('quarter_index - birth_quarter_index', 20) }}, 3), 14) as smallint
        ) as age_step,
        count(*) as persons
    from {{ grain }}_pairs
    where quarter_index % 4 {{ '=' if grain == 'municipal' else '<>' }} 3
    group by quarter_index, cell_number, age_step
)
{%- endfor %}

{% for grain, attributes in grains.items() -%}
{{ 'union all' if not loop.first }}
select
    cast(counts.quarter_index as integer) as quarter_index,
    cells.nature,
    cells.category,
    cells.quality,
    cells.sex,
    {{ age_class('counts.age_step * 5') }} as age_class,
    {{ 'cells.municipality_nis' if grain == 'municipal' else 'cast(null as varchar) as municipality_nis' }},
    cells.arrondissement_nis,
    cells.province_code,
    cells.region_nis,
    cells.linguistic_area,
    cast(counts.persons as bigint) as persons
from {{ grain }}_counts as counts
inner join {{ grain }}_cells as cells on counts.cell_number = cells.cell_number
{% endfor %}
