{#- The periods of touched persons as the last release had them, with what their dossiers then said; its tables are read
    by their place, so this model is named as a dependency where they are replaced (depends_on). -#}
{%- set touched = ref('int_population__persons_touched') -%}
{%- set query -%}
{{ periods_of_affiliates(last_release('core', 'fct_affiliation_periods'), last_release('core', 'dim_affiliate')) }}
where periods.person_key in (select touched.person_key from {{ touched }} as touched)
{%- endset -%}
{{ in_incremental(query, {
    'person_key': 'varchar',
    'affiliation_id': 'varchar',
    'affiliate_id': 'varchar',
    'category': 'varchar',
    'nature': 'varchar',
    'capacity': 'varchar',
    'start_date': 'date',
    'end_date': 'date',
    'is_counted': 'boolean',
    'is_concurrent': 'boolean',
    'sex': 'varchar',
    'municipality_nis': 'varchar',
    'birth_date': 'date'
}) }}
