{#- The open charges as the last release had them; in a full build, nothing. Read by its place, not by ref():
    it is replaced right after. -#}
{%- set last_date -%} {{ previous_as_of_date() }} {%- endset -%}
{%- set query -%}
{{ open_positions(last_release('recovery', 'fct_open_charges'), last_date) }}
{%- endset -%}
{{ in_incremental(query, {
    'charge_number': 'bigint',
    'nature': 'varchar',
    'stage': 'varchar',
    'written_off_amount': 'decimal(18, 2)',
    'prescribed_amount': 'decimal(18, 2)',
    'outstanding_amount': 'decimal(18, 2)'
}) }}
