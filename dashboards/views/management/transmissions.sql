-- part: sums
-- A share is computed from the sums, never averaged.
    sum(messages)::bigint as messages,
    sum(messages_judged)::bigint as messages_judged,
    sum(messages_in_time)::bigint as messages_in_time,
    sum(messages_rejected)::bigint as messages_rejected,
    sum(first_answered)::bigint as first_answered,
    sum(first_accepted)::bigint as first_accepted,
    sum(messages_in_time) / nullif(sum(messages_judged), 0) as in_time_rate,
    sum(first_accepted) / nullif(sum(first_answered), 0) as first_accepted_rate

-- part: chosen
from service.mart_transmissions
where quarter between $first and $last and list_contains($flows, flow)

-- query: known
select quarter, flow
from service.mart_transmissions
group by all
having sum(messages_judged) > 0
order by quarter

-- query: totals
select {sums}
{chosen}

-- query: by_flow
select quarter, flow, {sums}
{chosen}
group by all
order by quarter, flow

-- query: by_recipient
select recipient, flow, {sums}
{chosen}
group by all
order by first_accepted_rate nulls last, in_time_rate, recipient, flow
