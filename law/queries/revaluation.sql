select
    questions.line,
    questions.year,
    questions.income,
    cast(revaluations.value as decimal(10, 8)) as coefficient,
    questions.year - revaluations.years_back as reference_year,
    revalued_income(questions.income, revaluations.value) as revalued,
    revaluations.article,
    revaluations.certainty
from questions
left join law_revaluations as revaluations on is_in_force(revaluations, year_start(questions.year))
