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
        unnest(
            from_json(
                '{{ measures | tojson }}',
                '[{
                    "code": "varchar",
                    "counts": "varchar",
                    "statistic": "varchar",
                    "section": "varchar",
                    "promise_fr": "varchar",
                    "promise_nl": "varchar",
                    "title_fr": "varchar",
                    "title_nl": "varchar",
                    "definition_fr": "varchar",
                    "definition_nl": "varchar",
                    "unit": "varchar",
                    "target": "double",
                    "extracts": ["varchar"],
                    "breakdown_list": "varchar",
                    "not_measured_fr": "varchar",
                    "not_measured_nl": "varchar"
                }]'
            ),
            max_depth := 2
        )
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
    array_to_string(extracts, ', ') as extracts,
    breakdown_list,
    not_measured_fr is null as is_measured,
    not_measured_fr,
    not_measured_nl
from declared
