-- Only events that the extracts hold by themselves: insolvencies, and affiliations that a bankruptcy ended. Births,
-- deaths and illnesses are known from claims alone, so nobody who did not claim is seen.
select
    {{ quarter_text('opened_date') }} as quarter,
    kind as event_kind,
    'bridging_right' as benefit,
    cast(count(distinct affiliate_id) as bigint) as persons,
    cast(
        count(distinct affiliate_id) filter (where automatic_date is not null or applied_date is not null) as bigint
    ) as persons_claiming,
    cast(count(distinct affiliate_id) filter (where automatic_date is not null) as bigint)
        as persons_claiming_automatically,
    cast(count(distinct affiliate_id) filter (where is_granted) as bigint) as persons_granted,
    cast(count(distinct affiliate_id) filter (where is_granted) / count(distinct affiliate_id) as double)
        as take_up_rate
from {{ ref('int_benefit__bankruptcies_claimed') }}
group by {{ quarter_text('opened_date') }}, kind
