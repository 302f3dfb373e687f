-- Slices of accounts (macros/slices.sql): what sorts or groups every charge and payment of a country is computed range
-- of accounts after range of accounts, so that it stays in memory. Outside a sliced model the condition is true.
create or replace macro in_slice(id) as
    id between coalesce(getvariable('slice_from'), '') and coalesce(getvariable('slice_to'), '~');
