-- Last day allowed. `deadlines` is a row of law_deadlines, given by its alias. Months and years go from a day to the
-- same day, or to the last day of a shorter month; days are counted after the start day. Working days need the calendar
-- of holidays (int_law__working_days): null here.
create or replace macro deadline_date(from_date, deadlines) as
    case
        when deadlines.unit = 'working_days' then null
        when deadlines.counted_from = 'quarter_end'
            then quarter_index_end(quarter_index(from_date) + cast(deadlines.value as integer))
        when deadlines.counted_from = 'month_end' then month_end(from_date, deadlines.value)
        when deadlines.counted_from = 'quarter_start' then
            months_added(quarter_index_start(quarter_index(from_date) + deadlines.quarters_after), deadlines.value) - 1
        when deadlines.unit = 'days' then from_date + cast(deadlines.value as integer)
        when deadlines.unit = 'months' then months_added(from_date, deadlines.value)
        when deadlines.unit = 'years' then years_added(from_date, deadlines.value)
    end;
