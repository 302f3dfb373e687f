-- Recovery (definitions, section 4): the age and the size of a debt, how sure a share is, and values inside a sentence.

-- The age bucket of a charge with something outstanding, of its days past due; not_due before them, null of null.
create or replace macro arrears_state(days_past_due) as
    case
        when days_past_due < 1 then 'not_due'
        when days_past_due <= 90 then '1-90'
        when days_past_due <= 180 then '91-180'
        when days_past_due <= 365 then '181-365'
        when days_past_due <= 730 then '366-730'
        when days_past_due <= 1825 then '731-1825'
        when days_past_due > 1825 then '>1825'
    end;

-- The class of what an account owes in arrears (T09 of statistics-tables.md).
create or replace macro amount_class(amount) as
    case
        when amount < 100 then '<100'
        when amount < 500 then '100-499'
        when amount < 1000 then '500-999'
        when amount < 2500 then '1000-2499'
        when amount < 5000 then '2500-4999'
        when amount < 10000 then '5000-9999'
        when amount < 25000 then '10000-24999'
        when amount >= 25000 then '25000+'
    end;

-- One bound (side -1 or 1) of the 95 % interval of a share by Wilson's score (E. B. Wilson, JASA 22, 1927, 209-212;
-- C11: z = 1.959964): unlike the usual one it stays within 0 and 1, and says something for one case or for none that
-- succeeded. Null without cases.
create or replace macro wilson_bound(successes, cases, side) as
    case
        when cases > 0
            then least(greatest((
                successes + 1.959964 * 1.959964 / 2.0
                + side * 1.959964 * sqrt(
                    cast(successes as double) * (cases - successes) / cases + 1.959964 * 1.959964 / 4.0
                )
            ) / (cases + 1.959964 * 1.959964), 0), 1)
    end;

-- As people in Belgium write them: 1 234,50 € and 30/09/2026 in French, € 1.234,50 in Dutch. The spaces inside a number
-- do not break.
create or replace macro euros_fr(amount) as
    replace(replace(replace(format('{:,.2f}', amount), ',', '|'), '.', ','), '|', chr(8239)) || chr(160) || chr(8364);
create or replace macro euros_nl(amount) as
    chr(8364) || chr(160) || replace(replace(replace(format('{:,.2f}', amount), ',', '|'), '.', ','), '|', '.');

-- A sentence of the worklist with its {names} filled in.
create or replace macro worklist_sentence(template, amount, outstanding, event_date, since_date, within_days) as
    replace(replace(replace(replace(replace(
        template,
        '{amount}', amount),
        '{outstanding}', outstanding),
        '{date}', strftime(event_date, '%d/%m/%Y')),
        '{since}', coalesce(strftime(since_date, '%d/%m/%Y'), '')),
        '{within}', coalesce(cast(within_days as varchar), ''));
