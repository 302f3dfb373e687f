-- query: equal_age
-- What fell due in the quarter and in the one a year before, by nature, each as it stood at the end of
-- its own quarter (0 quarters since due): the same age, so the difference is one of payment.
select
    nature,
    coalesce(sum(claimed_amount) filter (where cohort_quarter = $quarter), 0) as claimed_now,
    coalesce(sum(collected_amount) filter (where cohort_quarter = $quarter), 0) as collected_now,
    coalesce(sum(claimed_amount) filter (where cohort_quarter = $before), 0) as claimed_before,
    coalesce(sum(collected_amount) filter (where cohort_quarter = $before), 0) as collected_before
from recovery.mart_arrears_cohorts
where
    quarters_since_due = 0
    and not is_projection
    and cohort_quarter in ($quarter, $before)
group by nature
order by nature

-- query: outstanding
-- What was due and unpaid at the end of the quarter, and at the same day a year before.
select
    nature,
    coalesce(sum(outstanding_amount) filter (where reference_date = $day), 0) as now_amount,
    coalesce(sum(outstanding_amount) filter (where reference_date = $day_before), 0)
        as before_amount
from recovery.mart_arrears_ageing
where reference_date in ($day, $day_before)
group by nature
order by nature

-- query: perception
-- Article 60bis, of the affiliates: the last whole calendar year and the year before.
select claim_year, perception_pct, year_end_outstanding_ratio
from contribution.mart_perception
where account_type = 'affiliate' and claim_year in ($year, $year_before)
order by claim_year
