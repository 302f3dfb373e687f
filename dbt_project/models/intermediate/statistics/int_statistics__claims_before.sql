{{ claims_summed(
    ref('int_contribution__charges_before'), ref('int_contribution__allocations_before'), previous_as_of_date(), 'true'
) }}
