-- Surcharges as they were claimed, with the quarter or year end that their notice looks back on (none for companies).
select
    charge_number,
    account_key,
    claim_code,
    related_charge_number,
    charge_type,
    issue_date,
    gross_amount,
    cancelled_amount,
    case charge_type
        when 'surcharge_quarterly' then {{ days_added(quarter_start(days_added('issue_date', 1)), -1) }}
        when 'surcharge_annual' then {{ days_added(year_start('extract(year from (issue_date + 1))'), -1) }}
    end as fall_date
from {{ charges_resurcharged() }}
where
    charge_type in ('surcharge_quarterly', 'surcharge_annual', 'company_surcharge')
    and {{ only_resurcharged_keys('account_key') }}
