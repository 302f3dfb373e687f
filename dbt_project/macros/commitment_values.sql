{#
The figures of the commitment from its tallies, by the keys given and, when they hold an office, for the fund as a whole
(office ALL, ruling E4): one pass over the tallies for the shares and amounts, one over those with a duration for the
medians. Columns: the keys, office_code, numerator, denominator, value, unit, target, is_met.
#}
{% macro commitment_values(keys) -%}
{%- set measures = commitment_measures() -%}
{%- set cells = ['code', 'quarter'] + keys -%}
{%- set by = cells | join(', ') -%}
with tallies as (
    select
        *,
        coalesce(office_code, '') as office
    from {{ ref('commitment_tallies') }}
    {{ 'where breakdown_code is not null' if 'breakdown_code' in keys }}
),

counted as (
    select
        {{ by }},
        case when grouping(office) = 1 then 'ALL' else office end as office_code,
        sum(items) as denominator,
        coalesce(sum(items) filter (where is_met), 0) as numerator,
        coalesce(sum(amount), 0) as amount
    from tallies
    group by grouping sets (({{ by }}, office), ({{ by }}))
    -- What belongs to no office counts for the fund only.
    having grouping(office) = 1 or office <> ''
),

durations as (
    select
        {{ by }},
        case when grouping(office) = 1 then 'ALL' else office end as office_code,
        duration_days,
        sum(items) as items
    from tallies
    where duration_days is not null
    group by grouping sets (({{ by }}, office, duration_days), ({{ by }}, duration_days))
    having grouping(office) = 1 or office <> ''
),

ranked as (
    select
        *,
        sum(items) over (partition by {{ by }}, office_code) as total,
        sum(items) over (partition by {{ by }}, office_code order by duration_days rows unbounded preceding) as reached
    from durations
),

-- The mean of the two middle values, which are one and the same when the number of items is odd.
medians as (
    select
        {{ by }},
        office_code,
        max(total) as denominator,
        (
            min(duration_days) filter (where 2 * reached >= total)
            + min(duration_days) filter (where 2 * reached > total)
        ) / 2.0 as median_days
    from ranked
    group by {{ by }}, office_code
),

declared (code, counted_code, statistic, unit, target) as (
    {% if measures -%}
    values
    {%- for measure in measures %}
    (
        '{{ measure.code }}',
        '{{ measure.get('of', measure.code) }}',
        '{{ measure.get('statistic', measure.unit) }}',
        '{{ measure.unit }}',
        cast({{ measure.get('target', 'null') }} as decimal(18, 6))
    ){{ ',' if not loop.last }}
    {%- endfor %}
    {%- else -%}
    values ('', '', '', '', cast(null as decimal(18, 6)))
    {%- endif %}
),

figures as (
    select
        declared.code,
        counted.* exclude (code),
        declared.unit,
        declared.target,
        declared.statistic
    from counted
    inner join declared on counted.code = declared.counted_code and declared.statistic in ('share', 'EUR')
),

-- A share is a number of items, an amount is what they add up to (ruling E3, SC32), a median has no numerator.
measured as (
    select
        {{ by }},
        office_code,
        cast(case statistic when 'EUR' then amount else numerator end as decimal(18, 2)) as numerator,
        denominator,
        cast(case statistic when 'EUR' then amount else numerator / denominator end as double) as value,
        unit,
        target,
        case statistic
            when 'EUR' then amount <= target
            else numerator >= target * denominator
        end as is_met
    from figures
    union all
    select
        declared.code,
        {% for name in cells[1:] -%}
        medians.{{ name }},
        {% endfor -%}
        medians.office_code,
        cast(null as decimal(18, 2)) as numerator,
        medians.denominator,
        cast(medians.median_days as double) as value,
        declared.unit,
        declared.target,
        cast(null as boolean) as is_met
    from medians
    inner join declared on medians.code = declared.counted_code and declared.statistic = 'median_days'
)

select
    {{ by }},
    cast(office_code as varchar) as office_code,
    numerator,
    cast(denominator as bigint) as denominator,
    value,
    unit,
    cast(target as double) as target,
    is_met
from measured
{%- endmacro %}
