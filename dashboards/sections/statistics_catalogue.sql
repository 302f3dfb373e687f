-- query: periods
select distinct ref_period from query_table($of)
