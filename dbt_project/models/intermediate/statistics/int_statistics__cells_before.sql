{{ claim_cells(ref('int_statistics__claims_before')) }}
