{#- Empty where nothing is carried on: then everybody is counted anew. -#}
{%- set stays -%}
(
    {{ stays_resolved(ref('int_population__periods_before'), 'previous_as_of_date') }}
)
{%- endset -%}
{%- set counted = persons_counted(stays) -%}
select * from ({{ counted }}) as counted
{{ '' if is_same_quarter() else 'where false' }}
