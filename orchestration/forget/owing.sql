-- Dossiers that owe the fund something or are owed something by it, at the date of a release:
-- whose keeping time has not begun.
select account_id from contribution.fct_account_balances
where outstanding_amount <> 0 or unallocated_amount <> 0
union
-- A claim that waits for its decision.
select affiliate_id from benefit.fct_claims where decision_date is null
union
-- A benefit that is due and not paid out.
select affiliate_id from benefit.fct_payments where paid_date is null
union
select affiliate_id from benefit.mart_overpayments where outstanding_amount <> 0
union
-- A director answers for what the company owes.
select affiliate_id from company.mart_liable_directors where outstanding_amount <> 0
