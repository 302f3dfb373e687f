-- Dates, quarters and ages. Readers see a quarter as text (2026Q3, ruling F13); inside a computation it is a whole
-- number, 4 x year + quarter - 1, so that the next quarter is + 1 and joins compare numbers.

-- The first year whose figures are published: history before it is not complete in the extracts.
create or replace macro first_year() as 2018;

-- Number of the quarter that a day lies in.
create or replace macro quarter_index(d) as cast(year(d) * 4 + quarter(d) - 1 as integer);

-- 2026, of a day: four digits, so that years of old typing errors sort and read as the others.
create or replace macro year_text(d) as printf('%04d', year(d));

-- 2026Q3, of a day.
create or replace macro quarter_text(d) as (year_text(d) || 'Q' || cast(quarter(d) as varchar));

-- 2026Q3, of the number of a quarter.
create or replace macro quarter_index_text(i) as (printf('%04d', i // 4) || 'Q' || cast(i % 4 + 1 as varchar));

-- The number of a quarter, of its text.
create or replace macro quarter_text_index(t) as
    (cast(split_part(t, 'Q', 1) as integer) * 4 + cast(split_part(t, 'Q', 2) as integer) - 1);

-- Number of the last quarter that has ended on or before a day.
create or replace macro last_ended_quarter(d) as quarter_index(d + 1) - 1;

-- First and last day of the quarter that a day lies in.
create or replace macro quarter_start(d) as cast(date_trunc('quarter', d) as date);
create or replace macro quarter_end(d) as last_day(cast(date_trunc('quarter', d) as date) + interval 2 month);

-- First and last day of the quarter of that number.
create or replace macro quarter_index_start(i) as make_date(i // 4, i % 4 * 3 + 1, 1);
create or replace macro quarter_index_end(i) as last_day(make_date(i // 4, i % 4 * 3 + 3, 1));

-- 2026-09, of a day.
create or replace macro month_text(d) as strftime(d, '%Y-%m');

-- Months counted from year 0, so that a difference counts months.
create or replace macro month_number(d) as cast(year(d) * 12 + month(d) as integer);

-- The same day so many months or years later, or the last day of a shorter month.
create or replace macro months_added(d, months) as cast(d + to_months(cast(months as integer)) as date);
create or replace macro years_added(d, years) as cast(d + to_years(cast(years as integer)) as date);

-- First day of a year; last day of the month that lies so many months after that of a day.
create or replace macro year_start(y) as make_date(cast(y as integer), 1, 1);
create or replace macro month_end(d, months) as last_day(cast(d as date) + to_months(cast(months as integer)));

-- Age in completed years on a day (definitions, section 6; S7: who was born on 29 February is a year older on 1 March).
create or replace macro age_in_years(birth_date, d) as cast(
    year(d) - year(birth_date) - case
        when month(d) * 100 + day(d) < month(birth_date) * 100 + day(birth_date) then 1 else 0
    end as integer
);

-- Five-year class of an age: <20, 20-24 ... 65-69, 70+ (definitions, section 6).
create or replace macro age_class(age) as
    case
        when age < 20 then '<20'
        when age >= 70 then '70+'
        else cast(age // 5 * 5 as varchar) || '-' || cast(age // 5 * 5 + 4 as varchar)
    end;
