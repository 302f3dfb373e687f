{{ config(materialized='table') }}

select
    insolvency_id,
    account_id,
    kind,
    opened_date,
    claim_deadline,
    claim_filed_date,
    claim_amount,
    admitted_amount,
    closed_date,
    agent_id,
    _delivery_id,
    _business_date,
    _line_number,
    _change
from {{ source('raw', 'insolvencies__changes') }}
