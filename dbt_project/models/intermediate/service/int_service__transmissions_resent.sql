{#-
A message rejected and sent again has the same account, flow, recipient and period; the first sending is number 1. Few are
sent twice, and only those are sorted. A daily build looks at those whose companions changed, as numbered at the last
release (sending_before) and as numbered now; a full one at all that were sent more than once.
-#}
{%- set messages, changes = ref('stg_transmissions'), ref('stg_transmissions__changes') -%}
{%- set same = ['account_id', 'flow', 'recipient', 'period'] -%}
{%- set last = last_release('carried', 'transmissions_resent') -%}
{% if is_incremental_build() %}
with companions as (
    select distinct {{ same | join(', ') }} from {{ changes }}
),

-- Accounts first: a reader then leaves out most of the rows.
of_their_accounts as (
    select *
    from {{ messages }}
    where account_id in (select companions.account_id from companions)
),

looked_at as (
    select messages.*
    from of_their_accounts as messages
    inner join companions
        on
            messages.account_id = companions.account_id
            and messages.flow = companions.flow
            and messages.recipient = companions.recipient
            and messages.period = companions.period
),

{% else %}
with sent_again as (
    select message_hash
    from (select hash({{ same | join(', ') }}) as message_hash from {{ messages }}) as hashed
    group by message_hash
    having count(*) > 1
),

looked_at as (
    select messages.*
    from {{ messages }} as messages
    inner join sent_again
        on hash(messages.{{ same | join(', messages.') }}) = sent_again.message_hash
),

{% endif %}
{% if is_incremental_build() -%}
gone as (
    select transmission_id from {{ changes }}
    where _change = 'before'
),

{% endif -%}
numbered as (
    select
        transmission_id,
        row_number() over (
            partition by {{ same | join(', ') }}
            order by sent_date nulls last, transmission_id
        ) as sending,
        count(*) over (partition by {{ same | join(', ') }}) as sendings
    from looked_at
)

{% if is_incremental_build() %}
select
    coalesce(numbered.transmission_id, gone.transmission_id) as transmission_id,
    numbered.sending,
    numbered.sendings,
    last_numbered.sending as sending_before
from numbered
full outer join gone on numbered.transmission_id = gone.transmission_id
left join {{ last }} as last_numbered
    on coalesce(numbered.transmission_id, gone.transmission_id) = last_numbered.transmission_id
{% else %}
select
    transmission_id,
    sending,
    sendings,
    cast(null as bigint) as sending_before
from numbered
{% endif %}
