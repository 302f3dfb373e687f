{#-
What the warehouse itself sums up for each accounting month and line of the general ledger (ruling F12), where rows are
many: charges, payments, reliefs. Charges are carried on by touched accounts, payments and reliefs by their own changes.
-#}
{%- set is_carried = is_incremental_build() -%}
{%- set charges_before = ref('int_contribution__charges_before') -%}
{%- set payments_changes = ref('stg_payments__changes') -%}
{%- set relief_effects_changes = ref('stg_relief_effects__changes') -%}
{%- set payments = payments_changes if is_carried else ref('stg_payments') -%}
{%- set relief_effects = relief_effects_changes if is_carried else ref('stg_relief_effects') -%}
{%- set sign = "case _change when 'before' then -1 else 1 end" if is_carried else '1' -%}
{%- set sides = [('1', charges_after()), ('-1', charges_before)][:2 if is_carried else 1] -%}
{%- set last_movements = last_release('carried', 'ledger_movements') -%}
with
{% for side, ledger in sides %}
ledger_{{ loop.index }} as (
    select
        ledger.charge_number,
        ledger.charge_type,
        ledger.related_charge_number,
        ledger.issue_date,
        ledger.gross_amount
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
    {%- if is_carried %}
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
