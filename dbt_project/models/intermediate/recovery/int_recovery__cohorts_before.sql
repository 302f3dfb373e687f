{#- The scoped accounts as the last release had them; in a full build, nothing. Its tables are read by their place, not
    by ref(): they are replaced right after, so this model is named as a dependency there (depends_on). -#}
{%- set last_date -%} {{ previous_as_of_date() }} {%- endset -%}
{%- set query -%}
{{ cohort_cells(
    last_release('contribution', 'fct_charges_ledger'),
    last_release('contribution', 'fct_allocations_ledger'),
    last_release('carried', 'recovery_origins'),
    last_date,
    only_scoped_keys('account_key')
) }}
{%- endset -%}
{{ in_incremental(query, {
    'due_index': 'integer',
    'is_company': 'boolean',
    'nature_rank': 'tinyint',
    'affiliation_origin': 'varchar',
    'quarters_since_due': 'integer',
    'charges': 'bigint',
    'claimed_amount': 'decimal(18, 2)',
    'collected_amount': 'decimal(18, 2)'
}) }}
