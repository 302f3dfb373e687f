{{ config(materialized='rejudged') }}

{{ rows_rejudged(
    'notices',
    ['notice_id', 'account_id', 'kind', 'latest_date', 'sent_date', 'corrected_by'],
    ['sent_date', 'latest_date']
) }}
