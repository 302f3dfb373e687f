-- Definitions, section 6: stock at start + entries - exits = stock at end, to the person, for each quarter and year.
select
    period,
    stock_start,
    stock_start + starters + transfers_in + other_in - cessations - transfers_out - other_out as stock_expected,
    stock_end
from {{ ref('mart_population_balance') }}
where stock_start + starters + transfers_in + other_in - cessations - transfers_out - other_out <> stock_end
