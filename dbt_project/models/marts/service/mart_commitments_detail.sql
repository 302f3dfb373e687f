{{ commitment_values(['breakdown_code']) }}
