{#- From the declarations of the indicators; the ones that cannot be measured yet are declared in this model's YAML. -#}
{%- set measures = commitment_measures() + commitments_not_measured() -%}
with declared (
    code,
    section,
    promise_fr,
    promise_nl,
    title_fr,
    title_nl,
    definition_fr,
    definition_nl,
    unit,
    target,
    extracts,
    breakdown_list,
    not_measured_fr,
    not_measured_nl
) as (
    values
    {%- for measure in measures %}
    (
        {{ sql_text(measure.code) }},
        {{ sql_text(measure.section) }},
        {{ sql_text(measure.promise_fr) }},
        {{ sql_text(measure.promise_nl) }},
        {{ sql_text(measure.title_fr) }},
        {{ sql_text(measure.title_nl) }},
        {{ sql_text(measure.definition_fr) }},
        {{ sql_text(measure.definition_nl) }},
        {{ sql_text(measure.unit) }},
        cast({{ measure.get('target', 'null') }} as double),
        {{ sql_text(measure.extracts | join(', ')) }},
        {{ sql_text(measure.get('breakdown_list')) }},
        {{ sql_text(measure.get('not_measured_fr')) }},
        {{ sql_text(measure.get('not_measured_nl')) }}
    ){{ ',' if not loop.last }}
    {%- else %}
    ({{ (['null'] * 14) | join(', ') }})
    {%- endfor %}
)

select
    code,
    section,
    cast(row_number() over (order by code) as integer) as rank,
    promise_fr,
    promise_nl,
    title_fr,
    title_nl,
    definition_fr,
    definition_nl,
    unit,
    target,
    extracts,
    breakdown_list,
    not_measured_fr is null as is_measured,
    not_measured_fr,
    not_measured_nl
from declared
