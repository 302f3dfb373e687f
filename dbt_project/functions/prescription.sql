-- Prescription (definitions section 4, rulings C10 and D6). A prescription date is the first day on which a claim is
-- prescribed. `terms` is a row of law_prescription_terms, given by its alias.

-- C10: the kind of prescription of a charge; surcharges and costs without a related charge count as provisional.
create or replace macro prescription_kind(charge_type) as
    case charge_type
        when 'regularisation' then 'regularisation'
        when 'company_contribution' then 'company'
        else 'provisional'
    end;

-- AR 38 art. 16 §2, law of 30 December 1992 art. 95: so many years from 1 January of a year after the contribution
-- year.
create or replace macro prescription_date(contribution_year, terms) as
    years_added(year_start(contribution_year + terms.starts_years_after), terms.value);

-- D6: recovery of an undue benefit, so many years from the day it was established.
create or replace macro overpayment_prescription_date(established_date, terms) as
    years_added(established_date, terms.value);

-- C10: each interrupting step dated before the prescription date in force then restarts the term from its own date.
-- `steps`: the steps in order of date, a list of {step_id, interrupted_on, restarted_date} (restarted_date: the
-- prescription date that the step would give). Gives the last step that moved the date, step_id and interrupted_on
-- empty when none did, and the prescription date as its restarted_date.
create or replace macro prescription_interrupted(first_date, steps) as
    list_reduce(
        list_prepend({'step_id': null, 'interrupted_on': null, 'restarted_date': first_date}, steps),
        lambda held, step: case
            when step.interrupted_on < held.restarted_date and step.restarted_date > held.restarted_date then step
            else held
        end
    );
