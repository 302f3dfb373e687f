-- query: would_settle
-- Definitions section 2, "Imputation": what is left of the charges lies in order of (due_date,
-- charge_id) above what the pool covers now; the next money covers it from the oldest on.
with owed as (
    select charge_id, charge_type, contribution_year, contribution_quarter, due_date,
        outstanding_amount,
        sum(outstanding_amount) over (order by due_date, charge_id) - outstanding_amount
            as before_amount
    from contribution.fct_charges
    where account_id = $account and outstanding_amount > 0
)

select owed.charge_id, charge_type, contribution_year, contribution_quarter, due_date,
    owed.outstanding_amount::double as outstanding_amount,
    least(owed.outstanding_amount, cast($amount as decimal(18, 2)) - before_amount)::double
        as covered_amount,
    before_amount + owed.outstanding_amount <= cast($amount as decimal(18, 2)) as is_settled,
    clocks.prescription_date
from owed
left join recovery.mart_prescription as clocks on owed.charge_id = clocks.charge_id
where before_amount < cast($amount as decimal(18, 2))
order by due_date, owed.charge_id
