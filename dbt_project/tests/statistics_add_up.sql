{#-
The declarations of the YAML (meta: dimensions, measures, blocks) as checks. Cells of a block that differ in one axis
alone are grouped, and the parts are compared with the total. `over`: the columns of that axis; `kept`: the other columns
of the block; `conditions`: which cells are of the block, and which of them are parts or total where there are several
kinds. dbt learns what comes before while it parses, when the graph is empty: hence the loop of `ref` alone.
-#}
{%- set lengths = {'year': 4, 'quarter': 6, 'month': 7} -%}
{%- for statistic in var('statistics') -%}{%- do ref(statistic) -%}{%- endfor -%}
{%- set checks = [] -%}
{%- for node in graph.get('nodes', {}).values() if node.resource_type == 'model' and node.name in var('statistics') -%}
    {%- set meta = node.config.meta -%}
    {%- set additive = meta.measures | selectattr('additive') | map(attribute='name') | list -%}
    {%- for block in meta.blocks -%}
        {%- set measures = block.measures | select('in', additive) | list -%}
        {%- set columns, conditions, axes = ['measure'], ["measure in ('" ~ measures | join("', '") ~ "')"], [] -%}
        {%- for axis in block.axes.split() -%}
            {%- set name, _, levels = axis.partition(':') -%}
            {%- set outer, _, inner = name.partition('>') -%}
            {%- set code = outer.rstrip('!') -%}
            {%- if levels -%}
                {%- do columns.extend([name ~ '_level', name ~ '_code']) -%}
                {%- do conditions.append(name ~ "_level in ('_T', '" ~ levels.split(',') | join("', '") ~ "')") -%}
                {%- for level in levels.split(',') -%}
                    {%- do axes.append({
                        'axis': level,
                        'over': [name ~ '_level', name ~ '_code'],
                        'among': name ~ "_level in ('_T', '" ~ level ~ "')"
                    }) -%}
                {%- endfor -%}
            {%- else -%}
                {%- do columns.append(code) -%}
                {%- if outer.endswith('!') -%}
                    {%- do conditions.append(code ~ " <> '_T'") -%}
                {%- else -%}
                    {%- do axes.append({
                        'axis': code, 'over': [code], 'among': inner ~ " = '_T'" if inner else 'true'
                    }) -%}
                {%- endif -%}
                {%- if inner -%}
                    {%- do columns.append(inner) -%}
                    {%- do axes.append({'axis': inner, 'over': [inner], 'among': code ~ " <> '_T'"}) -%}
                {%- endif -%}
            {%- endif -%}
        {%- endfor -%}
        {%- for dimension in meta.dimensions if dimension.name not in columns -%}
            {%- do conditions.append(dimension.name ~ " = '_T'") -%}
        {%- endfor -%}
        {#- The contribution year (T08) is a dimension itself, with a total of its own. -#}
        {%- if block.frequencies[0] in lengths -%}
            {%- do columns.append('ref_period') -%}
            {%- set known = [] -%}
            {%- for frequency in block.frequencies -%}
                {%- do known.append(lengths[frequency]) -%}
            {%- endfor -%}
            {%- do conditions.append('length(ref_period) in (' ~ known | join(', ') ~ ')') -%}
        {%- endif -%}
        {%- for axis in axes if measures -%}
            {%- do checks.append({
                'relation': ref(node.name),
                'block': block.name,
                'axis': axis.axis,
                'over': axis.over[0],
                'kept': columns | reject('in', axis.over) | list,
                'conditions': conditions + [axis.among]
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
{%- endfor -%}
-- In every statistic each additive measure adds up, in every block as declared: the codes of an axis to its total,
-- inner codes to their outer code, each level of residence to everybody (S3, S13). A total that has no parts is not of
-- the block: another one gives it (decisions have no channel, T16.3).
select
    cast(null as varchar) as block,
    cast(null as varchar) as axis,
    cast(null as varchar) as measure,
    cast(null as varchar) as cell,
    cast(null as decimal(24, 6)) as parts_less_total
where false
{%- for check in checks %}
union all
select
    '{{ check.block }}' as block,
    '{{ check.axis }}' as axis,
    measure,
    concat_ws(' ', {{ check.kept | join(', ') }}) as cell,
    cast(sum(case when {{ check.over }} = '_T' then -obs_value else obs_value end) as decimal(24, 6))
        as parts_less_total
from {{ check.relation }}
where {{ check.conditions | join(' and ') }}
group by {{ check.kept | join(', ') }}
having
    sum(case when {{ check.over }} = '_T' then -obs_value else obs_value end) <> 0
    and count(*) filter (where {{ check.over }} <> '_T') > 0
{%- endfor %}
