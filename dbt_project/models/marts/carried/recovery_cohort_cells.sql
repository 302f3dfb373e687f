{%- set after = ref('int_recovery__cohorts_after') -%}
{%- set before = ref('int_recovery__cohorts_before') -%}
{%- set keys = ['due_index', 'is_company', 'nature_rank', 'affiliation_origin', 'quarters_since_due'] -%}
{%- set measures = {
    'charges': 'bigint', 'claimed_amount': 'decimal(18, 2)', 'collected_amount': 'decimal(18, 2)'
} -%}
{{ cells_carried(last_release('carried', 'recovery_cohort_cells'), before, after, keys, measures) }}
