-- Surcharges (majorations; RG art. 44 and 44bis, AR 38 art. 11bis, law of 30 December 1992 art. 93). Never compounded:
-- always on the principal that is unpaid at the end of the day in question. `rules` is a row of law_surcharges, given
-- by its alias. Claimed on: the due date of a provisional contribution (the quarter end), the date of the notice or
-- settlement of a starter or a regularisation, 31 December of the year for an unjustified reduction.

-- The rule that a claim falls under; null: nothing that surcharges run on.
create or replace macro surcharge_kind(charge_type, is_starter) as
    case
        when charge_type = 'company_contribution' then 'company'
        when charge_type = 'regularisation' then 'regularisation'
        when charge_type = 'provisional' and is_starter then 'starter'
        when charge_type = 'provisional' then 'provisional'
    end;

-- The day a claim counts as claimed on (see above), by its kind.
create or replace macro surcharge_claimed_date(kind, issue_date, due_date) as
    case when kind in ('starter', 'regularisation') then issue_date else due_date end;

-- RG art. 44 §1 and §2: number of the quarter at whose end the first quarterly surcharge falls.
create or replace macro first_surcharge_quarter(claimed_date, rules) as
    quarter_index(claimed_date) + rules.first_quarters_after;

-- RG art. 44bis: the year at whose end the yearly surcharge falls, that of the claim; the next for a notice late in it.
create or replace macro surcharge_year(claimed_date, rules) as
    cast(
        year(claimed_date) + case when quarter(claimed_date) >= rules.next_year_from_quarter then 1 else 0 end
        as integer
    );

-- RG art. 44 §1: number of the last quarter that a quarterly surcharge may fall in, the one before summons or service
-- of the writ (before the settlement, for an unjustified reduction); null without such a date.
create or replace macro last_surcharge_quarter(stop_date) as quarter_index(stop_date) - 1;

-- Recovery steps that end the running of surcharges: summons and service of the writ, unless it did not take place.
create or replace macro stops_surcharges(step_type, outcome) as
    step_type in ('writ_served', 'summons') and coalesce(outcome, '') not in ('not_served', 'withdrawn');

-- Whether a surcharge falls on a day, a quarter end (period `quarter`) or 31 December (period `year`).
create or replace macro surcharge_falls(fall_date, claimed_date, stop_date, rules) as
    case rules.period
        when 'quarter' then
            quarter_index(fall_date) >= first_surcharge_quarter(claimed_date, rules)
            and (stop_date is null or quarter_index(fall_date) <= last_surcharge_quarter(stop_date))
        when 'year' then
            fall_date = make_date(surcharge_year(claimed_date, rules), 12, 31)
            and (stop_date is null or stop_date > fall_date)
        else false
    end;

-- The day a notice looks back on: the last quarter end up to its date; the last year end before it, since the 7 % arise
-- on 1 January (H6); none for companies.
create or replace macro surcharge_fall_date(charge_type, issue_date) as
    case charge_type
        when 'surcharge_quarterly' then quarter_start(issue_date + 1) - 1
        when 'surcharge_annual' then year_start(year(issue_date)) - 1
    end;

-- Law of 30 December 1992 art. 93: calendar months of delay, that of the last day included; 0 up to the due date.
create or replace macro months_of_delay(due_date, until_date) as
    case when until_date > due_date then month_number(until_date) - month_number(due_date + 1) + 1 else 0 end;

-- The surcharge on an unpaid principal, to the cent, half up; `times` for the months of a company.
create or replace macro surcharge_amount(unpaid, percentage, times := 1) as
    to_the_cent(unpaid, cast(percentage * 0.01 as decimal(9, 6)) * times);
