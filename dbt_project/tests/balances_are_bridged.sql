-- Each figure of the bridge is the sum of the lines before it, to the cent.
select
    figure,
    sum(amount) filter (where place < 9) as lines_amount,
    sum(amount) filter (where place = 9) as figure_amount
from {{ ref('mart_balance_bridge') }}
where figure <> 'total'
group by figure
having lines_amount is distinct from figure_amount
