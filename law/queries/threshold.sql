select
    questions.line,
    thresholds.*,
    quotient_8(thresholds.numerator, thresholds.divisor) as factor
from questions
left join int_law__thresholds as thresholds
    on questions.year = thresholds.contribution_year and questions.name = thresholds.threshold_key
