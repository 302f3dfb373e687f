{#- Persons whose affiliations or dossiers a delta changed, as they were or as they are. -#}
{%- set affiliates = ref('stg_affiliates') -%}
{%- set affiliates_changes = ref('stg_affiliates__changes') -%}
{%- set affiliations_changes = ref('stg_affiliations__changes') -%}
{%- set last_affiliates = last_release('core', 'dim_affiliate') -%}
{%- if is_incremental_build() -%}
with affiliates_of_changed_periods as (
    select distinct affiliate_id
    from {{ affiliations_changes }}
)

select person_key from {{ affiliates_changes }}
union
select affiliates.person_key
from {{ affiliates }} as affiliates
inner join affiliates_of_changed_periods as changed on affiliates.affiliate_id = changed.affiliate_id
union
select affiliates.person_key
from {{ last_affiliates }} as affiliates
inner join affiliates_of_changed_periods as changed on affiliates.affiliate_id = changed.affiliate_id
{%- else -%}
-- A full build reads everybody: nothing to list.
select cast(null as varchar) as person_key
from {{ source('raw', '_plan') }}
where false
{%- endif %}
