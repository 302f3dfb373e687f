-- Dated lists of the law, and how certain their figures are. `listed` is a row of a list, given by its alias.

-- A row is in force on a day; an empty end means open (two comparisons, which a join can use; an `or` it cannot).
create or replace macro is_in_force(listed, d) as
    d >= listed.valid_from and d <= coalesce(listed.valid_to, date '9999-12-31');

-- The weakest of several certainties, from weak to strong: unsure, known, derived, seen. Empty ones are passed over.
create or replace macro weakest(certainties) as
    case
        when list_contains(certainties, 'unsure') then 'unsure'
        when list_contains(certainties, 'known') then 'known'
        when list_contains(certainties, 'derived') then 'derived'
        when list_contains(certainties, 'seen') then 'seen'
    end;
