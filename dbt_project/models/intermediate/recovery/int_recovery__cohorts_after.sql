{{ cohort_cells(
    ref('fct_charges_ledger'),
    ref('fct_allocations_ledger'),
    ref('recovery_origins'),
    as_of_date(),
    only_scoped_keys('account_key')
) }}
