{{ config(materialized='table') }}

select
    charge_id,
    account_id,
    charge_type,
    contribution_year,
    contribution_quarter,
    category,
    issue_date,
    due_date,
    amount,
    income_basis,
    related_charge_id,
    _delivery_id,
    _business_date,
    _line_number,
    _change
from {{ source('raw', 'charges__changes') }}
