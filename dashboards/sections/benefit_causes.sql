-- query: by_cause
select
    benefit,
    cause,
    sum(claims_submitted)::bigint as claims_submitted,
    sum(claims_granted)::bigint as claims_granted,
    sum(claims_granted_automatically)::bigint as claims_granted_automatically,
    sum(claims_refused)::bigint as claims_refused,
    cast(sum(paid_amount) as decimal(18, 2)) as paid_amount
from benefit.mart_quarter
where
    quarter between $first and $last
    and list_contains($benefits, benefit)
    and cause is not null
group by all
having sum(paid_amount) <> 0
order by paid_amount desc, benefit, cause
