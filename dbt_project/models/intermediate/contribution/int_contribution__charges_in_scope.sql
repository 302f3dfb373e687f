{#- The ledger of the accounts that a daily build looks at: those compared with the law again, which include those
    touched and those whose recovery may look otherwise. A table, for eleven models ask for some of it and the ledger of
    a country has 55 million rows. -#}
{{ charges_of(ref('fct_charges_ledger'), ref('int_contribution__accounts_reassessed')) }}
