-- Terms of the service commitment and of the benefits.

-- True when something with a deadline was in time, false when it was late or is overdue, empty while it may still come
-- (rulings D5, E1).
create or replace macro done_in_time(done_date, deadline_date, as_of) as
    case
        when done_date <= as_of then done_date <= deadline_date
        when deadline_date < as_of then false
    end;

-- National union of a mutuality: the first digit of its number (100 Christian, 200 neutral, 300 socialist, 400 liberal,
-- 500 free, 600 auxiliary fund, 900 railways); other when the recipient has no number.
create or replace macro mutuality_union(recipient) as
    coalesce(nullif(regexp_extract(recipient, '[1-69]'), ''), 'other');
