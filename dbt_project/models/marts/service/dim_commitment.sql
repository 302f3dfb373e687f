{#-
The declarations of the indicators (meta of the YAML beside each SQL in models/intermediate/service/commitments) and of
what cannot be measured yet (meta not_measured of this model), as rows. An indicator says section, promise and extracts
once for its measures; a measure counts its own items unless it says whose (counts).
-#}
{%- set measures = [] -%}
{%- for node in graph.get('nodes', {}).values() if node.resource_type == 'model' -%}
    {%- do measures.extend(node.config.meta.get('not_measured', [])) -%}
    {%- for measure in node.config.meta.measures if node.name in var('commitments') -%}
        {%- do measures.append(dict(node.config.meta, **measure)) -%}
    {%- endfor -%}
{%- endfor -%}
with declared as (
    select
        cast(null as varchar) as code,
        cast(null as varchar) as counts,
        cast(null as varchar) as statistic,
        cast(null as varchar) as section,
        cast(null as varchar) as promise_fr,
        cast(null as varchar) as promise_nl,
        cast(null as varchar) as title_fr,
        cast(null as varchar) as title_nl,
        cast(null as varchar) as definition_fr,
        cast(null as varchar) as definition_nl,
        cast(null as varchar) as unit,
        cast(null as double) as target,
        cast(null as varchar) as extracts,
        cast(null as varchar) as breakdown_list,
        cast(null as varchar) as not_measured_fr,
        cast(null as varchar) as not_measured_nl
    where false
    {%- for measure in measures %}
    union all by name
    select
        {%- for name, said in measure.items() if said is string %}
        '{{ said | replace("'", "''") }}' as {{ name }},
        {%- endfor %}
        {{ measure.target | default('null') }} as target,
        '{{ measure.extracts | join(', ') }}' as extracts
    {%- endfor %}
)

select
    code,
    coalesce(counts, code) as counted_code,
    coalesce(statistic, case when unit = 'EUR' then 'amount' else 'share' end) as statistic,
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
