{{ cohort_cells(
    charges_in_scope(),
    ref('fct_allocations_ledger'),
    ref('recovery_origins'),
    as_of_date(),
    only_scoped_keys('account_key')
) }}
