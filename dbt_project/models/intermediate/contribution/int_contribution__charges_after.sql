{#- The ledger of the touched accounts as it is, from which sums are carried on. -#}
{{ charges_of(ref('int_contribution__charges_in_scope'), ref('int_contribution__accounts_touched')) }}
