{#- Persons whose affiliations or dossiers a delta changed, as they were or as they are. -#}
{%- set affiliates = ref('stg_affiliates') -%}
{%- set affiliates_changes = ref('stg_affiliates__changes') -%}
{%- set affiliations_changes = ref('stg_affiliations__changes') -%}
{%- set query -%}
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
from {{ last_release('core', 'dim_affiliate') }} as affiliates
inner join affiliates_of_changed_periods as changed on affiliates.affiliate_id = changed.affiliate_id
{%- endset -%}
{{ in_incremental(query, {
    'person_key': 'varchar'
}) }}
