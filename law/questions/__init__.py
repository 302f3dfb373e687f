"""The questions that can be asked, by name."""

from law.questions import benefits, claims, contributions, dates
from law.questions.kind import Question

QUESTIONS: dict[str, Question] = {
    question.name: question
    for module in (contributions, claims, benefits, dates)
    for question in module.QUESTIONS
}
