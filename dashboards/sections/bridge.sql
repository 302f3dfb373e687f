-- query: lines
-- Each figure as its own page shows it, without filters, and the steps that lead to it from another
-- one: the steps are sums of open charges, the figures come from the tables of their pages.
with charges as (
    select charges.account_type, charges.outstanding_amount as amount, charges.is_written_off,
        charges.account_type = 'affiliate' as is_affiliate,
        charges.charge_type in ('provisional', 'regularisation') as is_contribution,
        charges.due_date < $date as is_due,
        charges.prescription_date <= $date as was_prescribed,
        charges.prescription_date <= $today as is_prescribed,
        listed.account_id is not null as is_listed
    from recovery.fct_open_charges as charges
    left join recovery.mart_worklist as listed on charges.account_id = listed.account_id
),

lines as (
    select 'total' as figure, 0 as place, 'total' as line, sum(outstanding_amount) as amount
    from contribution.fct_account_balances
    union all
    select 'contributions', 1, 'companies', -sum(amount) filter (where not is_affiliate)
    from charges
    union all
    select 'contributions', 2, 'additions',
        -sum(amount) filter (where is_affiliate and not is_contribution)
    from charges
    union all
    select 'contributions', 9, 'contributions', sum(outstanding_amount)
    from contribution.mart_quarter
    union all
    select 'arrears_affiliate', 1, 'companies', -sum(amount) filter (where not is_affiliate)
    from charges
    union all
    select 'arrears_affiliate', 2, 'not_due', -sum(amount) filter (where is_affiliate and not is_due)
    from charges
    union all
    select 'arrears_company', 1, 'affiliates', -sum(amount) filter (where is_affiliate)
    from charges
    union all
    select 'arrears_company', 2, 'not_due',
        -sum(amount) filter (where not is_affiliate and not is_due)
    from charges
    union all
    select concat('arrears_', account_type), 9, concat('arrears_', account_type),
        sum(outstanding_amount)
    from recovery.mart_arrears_ageing
    where reference_date = $date
    group by account_type
    union all
    select 'expected', 1, 'written_off', -sum(amount) filter (where is_written_off)
    from charges
    union all
    select 'expected', 2, 'prescribed_open',
        -sum(amount) filter (where was_prescribed and not is_written_off)
    from charges
    union all
    select 'expected', 9, 'expected', sum(outstanding_end_amount)
    from recovery.mart_outstanding_changes
    union all
    select 'worklist', 1, 'not_listed', -sum(amount) filter (where not is_listed)
    from charges
    union all
    select 'worklist', 9, 'worklist', sum(outstanding_amount)
    from recovery.mart_worklist
    union all
    select 'prescribed', 0, 'prescribed_open',
        sum(amount) filter (where was_prescribed and not is_written_off)
    from charges
    union all
    select 'prescribed', 1, 'given_up', sum(amount) filter (where was_prescribed and is_written_off)
    from charges
    union all
    select 'prescribed', 2, 'since', sum(amount) filter (where is_prescribed and not was_prescribed)
    from charges
    union all
    select 'prescribed', 9, 'prescribed', sum(outstanding_amount)
    from recovery.mart_prescription
    where prescription_date <= $today
)

select figure, place, line, coalesce(amount, 0)::double as amount
from lines
order by list_position(
    ['total', 'contributions', 'arrears_affiliate', 'arrears_company', 'expected', 'worklist',
        'prescribed'], figure
), place
