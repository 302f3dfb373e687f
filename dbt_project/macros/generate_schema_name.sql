{# A schema is named as declared, without dbt's prefix: its name is part of the release interface. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
