select
    office_code,
    label_fr,
    label_nl,
    is_provisional
from {{ ref('offices') }}
