{{ config(severity='warn') }}
-- Ruling F8: a profession code that the reference list does not know counts in the branch `unknown`, with a warning.
select
    profession_code,
    label_fr
from {{ ref('dim_profession') }}
where branch_code = 'unknown'
