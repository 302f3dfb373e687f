{{ config(materialized='rejudged') }}
{%- set resent, numbered = ref('int_service__transmissions_resent'), ref('transmissions_resent') -%}
{%- set companions -%} select resent.transmission_id from {{ resent }} as resent {%- endset %}

with messages as (
    {{ rows_rejudged(
        'transmissions',
        ['transmission_id', 'flow', 'recipient', 'account_id', 'due_date', 'sent_date', 'status', 'rejection_reason'],
        ['due_date', 'sent_date'],
        companions
    ) }}
)

select
    messages.transmission_id,
    messages.flow,
    messages.recipient,
    messages.account_id,
    messages.due_date,
    {% if is_incremental_build() -%}
    case
        when
            messages.sent_date
            <= case messages._change when 'before' then {{ previous_as_of_date() }} else {{ as_of_date() }} end
            then messages.sent_date
    end as sent_date,
    {%- else -%}
    case when messages.sent_date <= {{ as_of_date() }} then messages.sent_date end as sent_date,
    {%- endif %}
    messages.status,
    messages.rejection_reason,
    messages._change,
    {% if is_incremental_build() -%}
    case
        when messages._change = 'before' and resent.transmission_id is not null then coalesce(resent.sending_before, 1)
        else coalesce(numbered.sending, 1)
    end as sending
    {%- else -%}
    coalesce(numbered.sending, 1) as sending
    {%- endif %}
from messages
left join {{ numbered }} as numbered on messages.transmission_id = numbered.transmission_id
{%- if is_incremental_build() %}
left join {{ resent }} as resent on messages.transmission_id = resent.transmission_id
{%- endif %}
