{#- The periods of touched persons as the last release had them, with what their dossiers then said; its tables are read
    by their place, so this model is named as a dependency where they are replaced (depends_on). -#}
{%- set touched = ref('int_population__persons_touched') -%}
{%- set last_periods = last_release('core', 'fct_affiliation_periods') -%}
{%- set last_affiliates = last_release('core', 'dim_affiliate') -%}
{%- if is_incremental_build() -%}
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
from {{ last_periods }} as periods
inner join {{ last_affiliates }} as affiliates on periods.affiliate_id = affiliates.affiliate_id
where periods.person_key in (select person_key from {{ touched }})
{%- else -%}
select
    cast(null as varchar) as person_key,
    cast(null as varchar) as affiliation_id,
    cast(null as varchar) as affiliate_id,
    cast(null as varchar) as category,
    cast(null as varchar) as nature,
    cast(null as varchar) as capacity,
    cast(null as date) as start_date,
    cast(null as date) as end_date,
    cast(null as boolean) as is_counted,
    cast(null as boolean) as is_concurrent,
    cast(null as varchar) as sex,
    cast(null as varchar) as municipality_nis,
    cast(null as date) as birth_date
from {{ source('raw', '_plan') }}
where false
{%- endif %}
