-- Only events that the extracts hold by themselves: insolvencies, and affiliations that a bankruptcy ended. Births,
-- deaths and illnesses are known from claims alone, so nobody who did not claim is seen.
with persons as (
    select
        quarter_text(opened_date) as quarter,
        kind as event_kind,
        affiliate_id,
        bool_or(automatic_date is not null or applied_date is not null) as is_claiming,
        bool_or(automatic_date is not null) as is_claiming_automatically,
        bool_or(is_granted) as is_granted
    from {{ ref('int_benefit__bankruptcies_claimed') }}
    group by all
)

select
    quarter,
    event_kind,
    'bridging_right' as benefit,
    count(*) as persons,
    count(*) filter (where is_claiming) as persons_claiming,
    count(*) filter (where is_claiming_automatically) as persons_claiming_automatically,
    count(*) filter (where is_granted) as persons_granted,
    count(*) filter (where is_granted) / count(*) as take_up_rate
from persons
group by quarter, event_kind
