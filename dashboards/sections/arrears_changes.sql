-- query: changes
select nature, stage, max(since_date) as since_date,
    sum(outstanding_start_amount)::double as outstanding_start_amount,
    sum(moved_in_amount)::double as moved_in_amount,
    sum(moved_out_amount)::double as moved_out_amount,
    sum(newly_claimed_amount)::double as newly_claimed_amount,
    sum(collected_amount)::double as collected_amount,
    sum(relieved_amount)::double as relieved_amount,
    sum(credited_amount)::double as credited_amount,
    sum(written_off_amount)::double as written_off_amount,
    sum(prescribed_amount)::double as prescribed_amount,
    sum(reinstated_amount)::double as reinstated_amount,
    sum(outstanding_end_amount)::double as outstanding_end_amount
from recovery.mart_outstanding_changes
where list_contains($natures, nature)
group by nature, stage
order by nature, stage
