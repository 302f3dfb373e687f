-- A8: net = collected + credited + outstanding, and none of them is below 0.
select
    charge_id,
    net_amount,
    collected_amount,
    credited_amount,
    outstanding_amount
from {{ ref('fct_charges') }}
where
    net_amount <> collected_amount + credited_amount + outstanding_amount
    or net_amount < 0
    or outstanding_amount < 0
    or collected_on_time_amount > greatest(gross_amount, 0)
