{#
Values inside a sentence, as people in Belgium write them: 1 234,50 € and 30/09/2026 in French, € 1.234,50 in Dutch.
The spaces inside a number do not break.
#}
{% macro euros_in_words(amount, language) -%}
    {{ return(adapter.dispatch('euros_in_words')(amount, language)) }}
{%- endmacro %}

{% macro duckdb__euros_in_words(amount, language) -%}
    {%- set thousands = 'chr(8239)' if language == 'fr' else "'.'" -%}
    {%- set written = "replace(replace(replace(format('{:,.2f}', " ~ amount ~ "), ',', '|'), '.', ','), '|', "
        ~ thousands ~ ")" -%}
    {{ written ~ ' || chr(160) || chr(8364)' if language == 'fr' else 'chr(8364) || chr(160) || ' ~ written }}
{%- endmacro %}

{% macro day_in_words(date) -%}
    {{ return(adapter.dispatch('day_in_words')(date)) }}
{%- endmacro %}

{% macro duckdb__day_in_words(date) -%}
    strftime({{ date }}, '%d/%m/%Y')
{%- endmacro %}

{# A sentence with its {names} filled in. #}
{% macro filled_in(template, values) -%}
    {%- set ns = namespace(text=template) -%}
    {%- for name, value in values.items() -%}
        {%- set ns.text = "replace(" ~ ns.text ~ ", '{" ~ name ~ "}', " ~ value ~ ")" -%}
    {%- endfor -%}
    {{ ns.text }}
{%- endmacro %}
