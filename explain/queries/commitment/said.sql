select code, section, promise_fr, promise_nl, title_fr, title_nl, definition_fr, definition_nl,
    statistic, extracts, is_measured, not_measured_fr, not_measured_nl
from service.dim_commitment
where code = $code
