{# The business date the build is as of: a row of the history, never a variable (a variable would force a full parse). #}
{% macro as_of_date() -%}
    (select as_of_date from {{ source('raw', '_plan') }})
{%- endmacro %}

{# The business date of the release that an incremental build carries on; null in a full build. #}
{% macro previous_as_of_date() -%}
    (select previous_as_of_date from {{ source('raw', '_plan') }})
{%- endmacro %}
