{#- Everybody, or only the persons a delta touched where their cells are carried on. -#}
{%- set touched = ref('int_population__persons_touched') -%}
{{ periods_of_affiliates(ref('fct_affiliation_periods'), ref('dim_affiliate')) }}
{% if is_same_quarter() -%}
where periods.person_key in (select touched.person_key from {{ touched }} as touched)
{%- endif %}
