select
    code,
    quarter,
    office_code,
    numerator,
    denominator,
    value,
    unit,
    target,
    is_met
from {{ ref('int_service__commitments_counted') }}
where not is_detail
