{{ config(materialized='table') }}

select
    affiliate_id,
    income_year,
    net_income,
    source,
    received_date,
    _delivery_id,
    _business_date,
    _line_number,
    _change
from {{ source('raw', 'incomes__changes') }}
