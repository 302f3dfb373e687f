select
    category,
    inasti_letter,
    nature,
    rank,
    label_fr,
    label_nl,
    is_provisional
from {{ ref('categories') }}
