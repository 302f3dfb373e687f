-- One row per record of T15 of the period whose recipient is INASTI.
with records as (
    select
        *,
        year(record_date) || 'Q' || quarter(record_date) as ref_period
    from service.fct_records
    where list_contains($record_types, record_type)
)

select
    pseudonym(records.record_kind, records.record_id) as "RECORD",
    pseudonym('person', affiliates.person_key) as "PERSON",
    pseudonym('dossier', records.account_id) as "DOSSIER",
    records.ref_period as "REF_PERIOD",
    records.record_kind as "RECORD_KIND",
    records.record_type as "RECORD_TYPE",
    records.record_status as "RECORD_STATUS",
    records.about_period as "ABOUT_PERIOD",
    records.from_quarter as "FROM_QUARTER",
    records.to_quarter as "TO_QUARTER",
    records.quarters as "QUARTERS",
    records.record_date as "RECORD_DATE",
    records.deadline_date as "DEADLINE_DATE",
    records.done_date as "DONE_DATE",
    records.is_judged as "IS_JUDGED",
    records.is_in_time as "IS_IN_TIME",
    release.business_date as "SNAPSHOT_DATE"
from records
left join core.dim_affiliate as affiliates on records.account_id = affiliates.affiliate_id
cross join meta.release as release
where list_contains($quarters, records.ref_period)
