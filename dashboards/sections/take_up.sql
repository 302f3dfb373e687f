-- query: years
select
    substr(quarter, 1, 4) as year,
    event_kind as kind,
    event_kind,
    sum(persons)::bigint as persons,
    sum(persons_claiming)::bigint as persons_claiming,
    sum(persons_claiming_automatically)::bigint as persons_claiming_automatically,
    sum(persons_granted)::bigint as persons_granted
from benefit.mart_take_up
group by all
order by year desc, event_kind

-- query: granted_of_kind
-- An event is named by its kind of insolvency, a claim by the cause it has of it.
select count(*) as claims
from benefit.fct_claims
where benefit = 'bridging_right' and decision = 'granted' and ends_with($kind, cause)
