{#
Adds the total `_T` of one dimension to a set of cells that add up. Margins are cascaded, one dimension after the other,
so that each is summed from the cells already there and the facts are read once.
#}
{% macro with_total(cells, dimension, dimensions, measures) -%}
    select
        {{ (dimensions + measures) | join(',\n        ') }}
    from {{ cells }}
    union all
    select
        {% for name in dimensions -%}
        {{ "'_T' as " ~ name if name == dimension else name }},
        {% endfor -%}
        {% for name in measures -%}
        cast(sum({{ name }}) as bigint) as {{ name }}{{ ',' if not loop.last }}
        {% endfor -%}
    from {{ cells }}
    group by
        {{ dimensions | reject('equalto', dimension) | join(',\n        ') }}
{%- endmacro %}
