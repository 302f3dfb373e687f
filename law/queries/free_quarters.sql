select
    questions.*,
    cast(frees.value as integer) as quarters,
    quarter_index(questions.date) as event_quarter,
    list_transform(
        range(quarter_index(questions.date) + 1, quarter_index(questions.date) + 1 + cast(frees.value as integer)),
        lambda number: quarter_index_text(number)
    ) as quarter_texts,
    frees.article,
    frees.certainty
from questions
left join law_free_quarters as frees on questions.event = frees.event and is_in_force(frees, questions.date)
