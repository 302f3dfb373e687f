{# True when the candidate started as a copy of the last release. Decided once per model when it is compiled to run, so
   that a full build carries no filter at all and an incremental one reads only the touched accounts. #}
{% macro is_incremental_build() -%}
    {%- if var('previous_as_of_date', '') -%}
        {{ return(var('previous_as_of_date') != 'none') }}
    {%- elif execute and flags.WHICH in ('build', 'run', 'test', 'show') -%}
        {{ return(run_query('select previous_as_of_date is not null from ' ~ source('raw', '_plan')).rows[0][0]) }}
    {%- else -%}
        {{ return(false) }}
    {%- endif -%}
{%- endmacro %}
