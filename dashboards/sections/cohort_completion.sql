-- query: segments
select nature, affiliation_origin, cohorts, cohorts_projected, last_quarters_since_due,
    tail_factor, claimed_amount::double as claimed_amount,
    collected_amount::double as collected_amount, expected_amount::double as expected_amount,
    standard_error_amount::double as standard_error_amount
from recovery.mart_cohort_completion
where account_type = $account_type and list_contains($natures, nature)
    and list_contains($origins, affiliation_origin)
order by expected_amount desc, nature, affiliation_origin
