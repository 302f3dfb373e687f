-- Yearly contribution of companies (law of 30 December 1992). `thresholds` and `due_dates` are rows of
-- law_company_thresholds and law_company_due_dates in force in the contribution year, given by their alias.

-- Art. 91; B13: small or large, by the balance total of the year so many years back. No balance: small; in its first
-- calendar years a company is small whatever the balance.
create or replace macro company_size(balance, thresholds, contribution_year := null, created_date := null) as
    case
        when contribution_year < year(cast(created_date as date)) + thresholds.small_calendar_years then 'small'
        when balance > cast(thresholds.value as decimal(18, 2)) then 'large'
        else 'small'
    end;

-- Art. 92: last day to pay, that of the year, or the end of a month after creation where that is later.
create or replace macro company_due_date(contribution_year, due_dates, created_date := null) as
    greatest(
        make_date(contribution_year, due_dates.due_month, due_dates.due_day),
        month_end(created_date, due_dates.value)
    );
