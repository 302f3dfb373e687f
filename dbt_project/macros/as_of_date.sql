{# The business date the build is as of: a row of the history, never a variable (a variable would force a full parse). #}
{% macro as_of_date() -%}
    (select as_of_date from {{ source('raw', '_plan') }})
{%- endmacro %}

{# The business date of the full delivery that the rows in force begin with. A literal while dbt builds: a reader then
   leaves out the files of that delivery, which hold nearly everything. #}
{% macro full_date() -%}
    {%- set query -%}
        (select max(business_date) from {{ source('raw', '_deliveries') }} where mode = 'full')
    {%- endset -%}
    {%- if execute and flags.WHICH in ('build', 'run', 'test', 'show') -%}
        {{ return("date '" ~ (run_query('select cast(' ~ query ~ ' as varchar)').rows[0][0] or '0001-01-01') ~ "'") }}
    {%- endif -%}
    {{ return(query) }}
{%- endmacro %}

{# The business date of the release that an incremental build carries on; null in a full build. #}
{% macro previous_as_of_date() -%}
    (select previous_as_of_date from {{ source('raw', '_plan') }})
{%- endmacro %}
