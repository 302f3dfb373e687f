-- In every statistic each additive measure adds up: the codes of an axis to its total, the inner codes to the outer one,
-- each level of residence to everybody, in every block as it is declared (S3, S13).
{#-
One select for each axis of each block, from the declarations of the YAML (meta: dimensions, measures, blocks): cells
that differ in that axis alone are grouped, and the parts are compared with the total. `among` says which cells are
parts or total, where an axis has several kinds. `ref` stands outside the loop over the graph, which is empty while dbt
parses: that is when dbt learns the order.
-#}
{%- set lengths = {'year': 4, 'quarter': 6, 'month': 7} %}
with cells as (
    select
        cast(null as varchar) as block,
        cast(null as varchar) as axis,
        cast(null as varchar) as measure,
        cast(null as varchar) as cell,
        cast(null as decimal(38, 6)) as parts_less_total
    where false
    {%- for statistic in var('statistics') %}
    {%- set relation = ref(statistic) %}
    {%- for node in graph.get('nodes', {}).values() if node.name == statistic and node.resource_type == 'model' %}
    {%- set meta = node.config.meta %}
    {%- for block in meta.blocks %}
    {%- set additive = meta.measures | selectattr('additive') | map(attribute='name') | list %}
    {%- set measures = block.measures | select('in', additive) | list %}
    {#- Columns that tell the cells of the block apart, conditions that its cells meet, and what must add up. #}
    {%- set columns, conditions, checks = [], ["measure in ('" ~ measures | join("', '") ~ "')"], [] %}
    {%- for axis in block.axes.split() %}
        {%- set name, _, levels = axis.partition(':') %}
        {%- set outer, _, inner = name.partition('>') %}
        {%- set code = outer.rstrip('!') %}
        {%- if levels %}
            {%- do columns.extend([name ~ '_level', name ~ '_code']) %}
            {%- do conditions.append(name ~ "_level in ('_T', '" ~ levels.split(',') | join("', '") ~ "')") %}
            {%- for level in levels.split(',') %}
                {%- do checks.append({
                    'axis': level,
                    'over': [name ~ '_level', name ~ '_code'],
                    'among': name ~ "_level in ('_T', '" ~ level ~ "')"
                }) %}
            {%- endfor %}
        {%- else %}
            {%- do columns.append(code) %}
            {%- if outer.endswith('!') %}
                {%- do conditions.append(code ~ " <> '_T'") %}
            {%- else %}
                {%- do checks.append({'axis': code, 'over': [code], 'among': inner ~ " = '_T'" if inner else 'true'}) %}
            {%- endif %}
            {%- if inner %}
                {%- do columns.append(inner) %}
                {%- do checks.append({'axis': inner, 'over': [inner], 'among': code ~ " <> '_T'"}) %}
            {%- endif %}
        {%- endif %}
    {%- endfor %}
    {%- for dimension in meta.dimensions if dimension.name not in columns %}
        {%- do conditions.append(dimension.name ~ " = '_T'") %}
    {%- endfor %}
    {%- set periods = [] %}
    {%- for frequency in block.frequencies if frequency in lengths %}
        {%- do periods.append(lengths[frequency]) %}
    {%- endfor %}
    {#- The contribution year (T08) is a dimension, with a total of its own. #}
    {%- if periods %}
        {%- do columns.append('ref_period') %}
        {%- do conditions.append('length(ref_period) in (' ~ periods | join(', ') ~ ')') %}
    {%- endif %}
    {%- for check in checks if measures %}
    {%- set kept = columns | reject('in', check.over) | list %}
    union all by name
    select
        '{{ block.name }}' as block,
        '{{ check.axis }}' as axis,
        measure,
        concat_ws(' ', {{ (kept or ["''"]) | join(', ') }}) as cell,
        sum(case when {{ check.over[0] }} = '_T' then -obs_value else obs_value end) as parts_less_total
    from {{ relation }}
    where
        {{ conditions | join('\n        and ') }}
        and {{ check.among }}
    group by measure{{ ', ' if kept }}{{ kept | join(', ') }}
    having sum(case when {{ check.over[0] }} = '_T' then -obs_value else obs_value end) <> 0
    {%- endfor %}
    {%- endfor %}
    {%- endfor %}
    {%- endfor %}
)

select
    block,
    axis,
    measure,
    cell,
    parts_less_total
from cells
