{{ config(severity='warn') }}
-- Ruling H1: affiliates of one person have the same date of birth and the same sex; else one of them may bear the
-- national number of somebody else.
select
    person_key,
    count(*) as affiliates
from {{ ref('dim_affiliate') }}
group by person_key
having count(distinct birth_date) > 1 or count(distinct sex) > 1
