{#- Everybody, or only the persons a delta touched where their cells are carried on. -#}
{%- set touched = ref('int_population__persons_touched') -%}
select
    periods.person_key,
    periods.affiliation_id,
    periods.affiliate_id,
    periods.category,
    periods.nature,
    periods.capacity,
    periods.start_date,
    periods.end_date,
    periods.is_counted,
    periods.is_concurrent,
    affiliates.sex,
    affiliates.municipality_nis,
    affiliates.birth_date
from {{ ref('fct_affiliation_periods') }} as periods
inner join {{ ref('dim_affiliate') }} as affiliates on periods.affiliate_id = affiliates.affiliate_id
{% if is_population_carried() -%}
where periods.person_key in (select person_key from {{ touched }})
{%- endif %}
