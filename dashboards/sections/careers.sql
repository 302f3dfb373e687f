-- query: years
select
    career_year,
    sum(quarters)::bigint as quarters,
    sum(complete_quarters)::bigint as complete_quarters,
    sum(missing_quarters)::bigint as missing_quarters,
    sum(complete_quarters) / sum(quarters) as completeness_rate
from service.mart_career_completeness
group by career_year
order by career_year desc

-- query: gaps
select affiliate_id, period, gap, messages, accepted_messages, office_code
from service.mart_career_gaps
order by period desc, affiliate_id
limit 500
