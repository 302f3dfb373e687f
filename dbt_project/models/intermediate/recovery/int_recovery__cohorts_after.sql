{{ cohort_cells(
    ref('fct_charges_ledger'),
    ref('fct_allocations'),
    ref('recovery_origins'),
    as_of_date(),
    only_scoped('charges.account_id')
) }}
