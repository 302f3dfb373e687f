-- The cells of T08 that count this charge: those of its own year, quarter, type and nature.
select 'T08:contribution_year=' || contribution_year || ',contribution_quarter='
    || contribution_quarter || ',claim_group=' || claim_group || ',claim_type=' || claim_type
    || ',nature=' || nature || ',measure=' || measure as cell, measure, obs_value
from statistics.stat_t08
where contribution_year = $year::varchar and contribution_quarter = $quarter
    and claim_type = $type and nature = $nature and collection_year = '_T'
order by measure
