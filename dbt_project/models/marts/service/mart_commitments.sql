{{ commitment_values([]) }}
