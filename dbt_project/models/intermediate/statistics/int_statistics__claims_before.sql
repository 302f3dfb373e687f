{#- The touched accounts as the last release had them. Its tables are read by their place, not by ref(): they are
    replaced right after, so this model is named as a dependency there (depends_on). -#}
{%- set touched = ref('int_contribution__accounts_touched') -%}
{%- set plan = source('raw', '_plan') -%}
{%- set last_date -%} (select previous_as_of_date from {{ plan }}) {%- endset -%}
{%- set is_touched -%} account_id in (select account_id from {{ touched }}) {%- endset -%}
{%- set claims_of_last_release = claims_summed(
    last_release('contribution', 'fct_charges_ledger'),
    last_release('contribution', 'fct_allocations_ledger'),
    last_date,
    is_touched
) -%}
{{ claims_of_last_release if is_incremental_build() else no_claims(plan) }}
