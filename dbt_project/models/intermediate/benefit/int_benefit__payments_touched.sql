{%- set query -%}
select benefit_payment_id
from {{ ref('stg_benefit_payments__changes') }}
union
select payments.benefit_payment_id
from {{ ref('stg_benefit_payments') }} as payments
where
    payments.claim_id in (select changes.claim_id from {{ ref('stg_benefit_claims__changes') }} as changes)
    -- Due or paid since: only now is it known whether in time.
    or payments.due_date between {{ previous_as_of_date() }} and {{ as_of_date() }}
    or payments.paid_date between {{ previous_as_of_date() }} and {{ as_of_date() }}
{%- endset -%}
{{ in_incremental(query, {'benefit_payment_id': 'varchar'}) }}
