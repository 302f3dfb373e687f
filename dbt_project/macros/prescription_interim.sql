{% macro prescription_term(charge_type, contribution_year) -%}
    make_date({{ contribution_year }} + case when {{ charge_type }} = 'regularisation' then 8 else 6 end, 1, 1)
{%- endmacro %}

{% macro interrupted_until(date) -%}
    cast({{ date }} + interval 5 year as date)
{%- endmacro %}

{% macro interrupting_steps() -%}
    'registered_letter', 'writ_served', 'summons', 'judgment', 'acknowledgement', 'insolvency_claim'
{%- endmacro %}
