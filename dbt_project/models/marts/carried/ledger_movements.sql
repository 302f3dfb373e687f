{#-
What the warehouse itself sums up for each accounting month and line of the general ledger (ruling F12), where rows are
many: charges, payments, reliefs. Charges are carried on by touched accounts, payments and reliefs by their own changes.
-#}
{%- set plan = source('raw', '_plan') -%}
{%- set payments_changes = ref('stg_payments__changes') -%}
{%- set relief_effects_changes = ref('stg_relief_effects__changes') -%}
{%- set payments = ref('stg_payments') -%}
{%- set relief_effects = ref('stg_relief_effects') -%}
{%- set charges_before = ref('int_contribution__charges_before') -%}
{%- set charges = charges_after() -%}
{%- set last_movements = last_release('carried', 'ledger_movements') -%}
{%- set sides = [('1', charges)] -%}
{%- if is_incremental_build() -%}
    {%- do sides.append(('-1', charges_before)) -%}
    {%- set sign -%} case _change when 'before' then -1 else 1 end {%- endset -%}
    {%- set payments = payments_changes -%}
    {%- set relief_effects = relief_effects_changes -%}
{%- else -%}
    {%- set sign = '1' -%}
{%- endif -%}
with
{% for side, ledger in sides %}
ledger_{{ loop.index }} as (
    select
        charge_number,
        charge_type,
        related_charge_number,
        issue_date,
        gross_amount
    from {{ ledger }} as ledger
),

-- A cancellation belongs to the line of the charge that it cancels (the same account's, A12), in its own month.
charged_{{ loop.index }} as (
    select
        issue_date,
        charge_type,
        {{ side }} * gross_amount as amount
    from ledger_{{ loop.index }}
    where charge_type <> 'cancellation'
    union all
    select
        cancelling.issue_date,
        cancelled.charge_type,
        {{ side }} * cancelling.gross_amount as amount
    from ledger_{{ loop.index }} as cancelling
    inner join ledger_{{ loop.index }} as cancelled
        on cancelling.related_charge_number = cancelled.charge_number
    where cancelling.charge_type = 'cancellation'
),
{% endfor %}

movements as (
    {%- for side in sides %}
    select
        {{ month_text('issue_date') }} as period,
        case
            when charge_type in ('provisional', 'regularisation') then 'contributions_charged'
            when charge_type = 'company_contribution' then 'company_contributions_charged'
            else 'surcharges_charged'
        end as ledger_line,
        sum(amount) as amount
    from charged_{{ loop.index }}
    group by issue_date, charge_type
    union all
    {%- endfor %}
    select
        {{ month_text('value_date') }} as period,
        'payments_received' as ledger_line,
        sum({{ sign }} * amount) as amount
    from {{ payments }}
    group by value_date
    union all
    select
        {{ month_text('effective_date') }} as period,
        'relief_granted' as ledger_line,
        sum({{ sign }} * amount) as amount
    from {{ relief_effects }}
    group by effective_date
    {%- if is_incremental_build() %}
    union all
    select
        period,
        ledger_line,
        amount
    from {{ last_movements }}
    {%- endif %}
)

select
    period,
    ledger_line,
    cast(sum(amount) as decimal(18, 2)) as amount
from movements
group by period, ledger_line
having sum(amount) <> 0
