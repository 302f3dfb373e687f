{%- set resent, last = ref('int_service__transmissions_resent'), last_release('carried', 'transmissions_resent') -%}
select
    transmission_id,
    sending
from {{ resent }}
where sendings > 1
{%- if is_incremental_build() %}
union all
select
    transmission_id,
    sending
from {{ last }}
where transmission_id not in (select resent.transmission_id from {{ resent }} as resent)
{%- endif %}
