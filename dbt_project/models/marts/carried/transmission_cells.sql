{#- Messages counted for mart_transmissions; carried on with those that are judged anew. -#}
{%- set rows = ref('int_service__transmissions_judged') -%}
{%- set cells -%}
select
    {{ quarter_text('due_date') }} as quarter,
    flow,
    recipient,
    count(*) as messages,
    count(sent_date) as messages_sent,
    count({{ done_in_time('sent_date', 'due_date', 'THE_DATE') }}) as messages_judged,
    count(*) filter (where {{ done_in_time('sent_date', 'due_date', 'THE_DATE') }}) as messages_in_time,
    count(*) filter (where status = 'rejected') as messages_rejected,
    count(*) filter (where sending = 1 and status in ('accepted', 'rejected')) as first_answered,
    count(*) filter (where sending = 1 and status = 'accepted') as first_accepted
from THE_ROWS
group by {{ quarter_text('due_date') }}, flow, recipient
{%- endset -%}
{{ cells_carried(
    last_release('carried', 'transmission_cells'),
    '(' ~ said_of_rows(cells, rows, 'before') ~ ')',
    '(' ~ said_of_rows(cells, rows, 'after') ~ ')',
    ['quarter', 'flow', 'recipient'],
    {
        'messages': 'bigint',
        'messages_sent': 'bigint',
        'messages_judged': 'bigint',
        'messages_in_time': 'bigint',
        'messages_rejected': 'bigint',
        'first_answered': 'bigint',
        'first_accepted': 'bigint'
    }
) }}
