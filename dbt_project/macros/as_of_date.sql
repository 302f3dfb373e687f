{#
Dates of the build. They are rows of the history (raw._plan), which holds wherever a model is compiled. A build reads them
once and gives them as variables (orchestration/dbt_runner.py), so that queries name them as literals: beside a subquery
the engine guesses that a comparison keeps one row in two hundred, and chooses its joins by that. The project is parsed
without them, so they force no parse.
#}

{# The business date the build is as of. #}
{% macro as_of_date() -%}
    {%- set in_history -%} (select as_of_date from {{ source('raw', '_plan') }}) {%- endset -%}
    {{ return(date_given('as_of_date', in_history)) }}
{%- endmacro %}

{# The business date of the release that an incremental build carries on; null in a full build. #}
{% macro previous_as_of_date() -%}
    {%- set in_history -%} (select previous_as_of_date from {{ source('raw', '_plan') }}) {%- endset -%}
    {{ return(date_given('previous_as_of_date', in_history)) }}
{%- endmacro %}

{# The business date of the full delivery that the rows in force begin with: a reader then leaves out the files of that
   delivery, which hold nearly everything. #}
{% macro full_date() -%}
    {%- set in_history -%}
        (select max(business_date) from {{ source('raw', '_deliveries') }} where mode = 'full')
    {%- endset -%}
    {{ return(date_given('full_date', in_history)) }}
{%- endmacro %}

{# The variable as a literal (`none`: there is no such date), or else what the history says. #}
{% macro date_given(name, in_history) -%}
    {%- set day = var(name, '') -%}
    {%- if day == 'none' -%}
        {{ return('cast(null as date)') }}
    {%- elif day -%}
        {{ return("date '" ~ day ~ "'") }}
    {%- endif -%}
    {{ return(in_history) }}
{%- endmacro %}
