{# Recovery steps that end the running of surcharges (RG art. 44 §1; law of 30 December 1992 art. 93): summons and service
   of the writ, unless it did not take place. #}
{% macro stops_surcharges(steps) -%}
    ({{ steps }}.step_type in ('writ_served', 'summons')
        and coalesce({{ steps }}.outcome, '') not in ('not_served', 'withdrawn'))
{%- endmacro %}
