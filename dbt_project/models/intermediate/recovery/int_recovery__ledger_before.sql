{{ ledger_positions(ref('int_contribution__charges_before')) }}
