select
    code,
    quarter,
    breakdown_code,
    office_code,
    numerator,
    denominator,
    value,
    unit,
    target,
    is_met
from {{ ref('int_service__commitments_counted') }}
where is_detail
