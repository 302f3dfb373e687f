-- query: curves
-- One point a week is all that is seen; the release has every day.
select nature, days_since_due, at_risk, open_share, paid_share, relieved_share,
    prescribed_share, irrecoverable_share
from recovery.mart_time_to_payment
where account_type = $account_type and list_contains($natures, nature)
    and days_since_due <= $days
qualify row_number() over (
    partition by nature, (days_since_due + 6) // 7 order by days_since_due desc
) = 1
order by nature, days_since_due

-- query: after
select max(paid_share) filter (where days_since_due <= 0) as on_time,
    max(paid_share) filter (where days_since_due <= 90) as quarter,
    max(paid_share) filter (where days_since_due <= 365) as year
from recovery.mart_time_to_payment
where account_type = $account_type and nature = $nature
