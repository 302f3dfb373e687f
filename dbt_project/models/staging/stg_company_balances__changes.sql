{{ config(materialized='table') }}

select
    company_id,
    fiscal_year,
    balance_sheet_total,
    _delivery_id,
    _business_date,
    _line_number,
    _change
from {{ source('raw', 'company_balances__changes') }}
