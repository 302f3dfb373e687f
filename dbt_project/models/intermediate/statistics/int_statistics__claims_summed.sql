{{ claims_summed(
    ref('fct_charges_ledger'), ref('fct_allocations'), as_of_date(), only_touched('charges.account_id')
) }}
