{#- The ledger of the touched accounts as the last release left it. It is read by its place, not by ref(): it is
    replaced right after, so this model is named as a dependency there (depends_on). -#}
{{ charges_of(last_release('contribution', 'fct_charges_ledger'), ref('int_contribution__accounts_touched')) }}
