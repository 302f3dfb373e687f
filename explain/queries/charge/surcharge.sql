-- A surcharge is measured by the principal that was unpaid when it fell.
select surcharges.related_charge_id, surcharges.surcharge_kind, surcharges.fall_date,
    surcharges.unpaid_amount, surcharges.expected_amount, surcharges.difference_reason
from contribution.fct_expected_surcharges as surcharges
where surcharges.account_id = $account and surcharges.charge_id = $id
