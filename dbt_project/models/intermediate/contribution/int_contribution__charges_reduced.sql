select
    charge_number,
    cast(sum(amount) filter (where reduction_type = 'cancellation') as decimal(18, 2)) as cancelled_amount,
    cast(sum(amount) filter (where reduction_type = 'relief') as decimal(18, 2)) as relief_amount,
    cast(sum(applied_amount) as decimal(18, 2)) as applied_amount,
    min(reduction_date) filter (where is_exhausted) as exhausted_date
from {{ ref('int_contribution__reductions_applied') }}
group by charge_number
