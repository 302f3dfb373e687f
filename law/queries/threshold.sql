select
    questions.line,
    thresholds.*,
    {{ quotient('thresholds.numerator', 'thresholds.divisor', 8) }} as factor
from questions
left join {{ ref('int_law__thresholds') }} as thresholds
    on questions.year = thresholds.contribution_year and questions.name = thresholds.threshold_key
