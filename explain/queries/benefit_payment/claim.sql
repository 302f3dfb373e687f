select claim_id, event_date, submitted_date, complete_date, decision_date, decision, refusal_reason
from benefit.fct_claims
where claim_id = $id
