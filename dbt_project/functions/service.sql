-- Terms of the service commitment and of the benefits.

-- True when something with a deadline was in time, false when it was late or is overdue, empty while it may still come
-- (rulings D5, E1).
create or replace macro done_in_time(done_date, deadline_date, as_of) as
    case
        when done_date <= as_of then done_date <= deadline_date
        when deadline_date < as_of then false
    end;

-- E1: an item of a promise is judged once it is done or its last day has passed; one without a last day, at once.
create or replace macro is_judged(done_date, deadline_date, as_of) as
    deadline_date is null or deadline_date < as_of or coalesce(done_date <= as_of, false);

-- E1, E2: done by its last day, or by a later one that still counts as such (a Sunday after the fifth working day).
create or replace macro is_in_time(done_date, deadline_date, counted_until_date, as_of) as
    deadline_date is null
    or coalesce(done_date <= as_of and done_date <= coalesce(counted_until_date, deadline_date), false);

-- Number of the last quarter of the last year whose career messages are all due: of the year before, once February is
-- over.
create or replace macro last_closed_career_quarter(d) as
    4 * (year(d) - case when d > month_end(year_start(year(d)), 1) then 1 else 2 end) + 3;

-- National union of a mutuality: the first digit of its number (100 Christian, 200 neutral, 300 socialist, 400 liberal,
-- 500 free, 600 auxiliary fund, 900 railways); other when the recipient has no such number.
create or replace macro mutuality_union(recipient) as
    coalesce(nullif(regexp_extract(recipient, '^[^0-9]*([1-69])', 1), ''), 'other');
