-- What a regularisation comes on top of: the provisional charges of the year less cancellations, and
-- the regularisations before it.
select
    coalesce(sum(gross_amount - cancelled_amount) filter (where charge_type = 'provisional'), 0)
        as provisional_amount,
    coalesce(sum(gross_amount - cancelled_amount) filter (
        where charge_type = 'regularisation' and (issue_date, charge_id) < ($issued, $id)
    ), 0) as earlier_amount
from contribution.fct_charges
where account_id = $account and contribution_year = $year
    and charge_type in ('provisional', 'regularisation')
