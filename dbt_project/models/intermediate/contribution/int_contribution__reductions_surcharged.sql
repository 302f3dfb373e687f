-- Surcharges on a provisional contribution that was never paid late: the ordinary rules ask none, so what is claimed on
-- a reduced one, from the end of its year on, can only be that of an unjustified reduction (AR 38 art. 11bis). Notices
-- may look back on several quarters: what is asked up to a notice, less what was claimed before it.
with claims as (
    select
        related.charge_number,
        related.charge_type,
        {{ account_id('related.account_key') }} as account_id,
        related.related_charge_number,
        related.issue_date,
        related.gross_amount - related.cancelled_amount as claimed_amount,
        related.fall_date,
        ledger.account_key,
        ledger.contribution_year,
        ledger.contribution_quarter,
        ledger.gross_amount as reduced_amount,
        {{ days_added(year_start('ledger.contribution_year + 1'), -1) }} as year_end
    from {{ ref('int_contribution__surcharges_related') }} as related
    inner join {{ ref('fct_charges_ledger') }} as ledger on related.related_charge_number = ledger.charge_number
    where
        ledger.charge_type = 'provisional'
        and ledger.settled_date <= ledger.due_date
        and related.fall_date >= {{ days_added(year_start('ledger.contribution_year + 1'), -1) }}
),

reductions as (
    select distinct claims.charge_number
    from claims
    inner join {{ ref('stg_relief_requests') }} as requests
        on
            claims.account_id = requests.account_id
            and claims.contribution_year * 4 + claims.contribution_quarter - 1
            >= {{ quarter_text_index('requests.from_quarter') }}
            and claims.contribution_year * 4 + claims.contribution_quarter - 1
            <= coalesce({{ quarter_text_index('requests.to_quarter') }}, claims.contribution_year * 4 + 3)
    where requests.kind = 'reduction' and requests.decision in ('granted', 'partial')
),

settlements as (
    select
        claims.charge_number,
        min(ledger.issue_date) as settled_date
    from claims
    inner join {{ ref('fct_charges_ledger') }} as ledger
        on claims.account_key = ledger.account_key and claims.contribution_year = ledger.contribution_year
    where ledger.charge_type = 'regularisation'
    group by claims.charge_number
),

-- What the reduction left out: the definitive amount, at most the legal provisional one, less what was asked.
short as (
    select
        claims.*,
        greatest(
            least(expected.expected_final, expected.expected_provisional) - claims.reduced_amount, 0
        ) as short_amount,
        least(
            {{ quarter_index('claims.fall_date') }},
            coalesce({{ last_surcharge_quarter('settlements.settled_date') }}, {{ quarter_index('claims.fall_date') }})
        ) as last_index
    from claims
    inner join reductions on claims.charge_number = reductions.charge_number
    inner join {{ ref('fct_quarters_assessed') }} as expected
        on
            claims.account_key = expected.account_key
            and claims.contribution_year = expected.contribution_year
            and claims.contribution_quarter = expected.contribution_quarter
    left join settlements on claims.charge_number = settlements.charge_number
    where expected.expected_final is not null and expected.expected_provisional is not null
),

asked as (
    select
        short.*,
        {{ surcharge_amount('short.short_amount', 'rules.value') }}
        * case rules.period
            when 'quarter'
                then greatest(short.last_index - {{ first_surcharge_quarter('rules', 'short.year_end') }} + 1, 0)
            else 1
        end as total_amount
    from short
    inner join {{ ref('law_surcharges') }} as rules
        on
            rules.surcharge_kind = 'reduction'
            and rules.period = case short.charge_type when 'surcharge_quarterly' then 'quarter' else 'year' end
            and {{ is_in_force('rules', 'short.year_end') }}
)

select
    charge_number,
    short_amount as unpaid_amount,
    greatest(total_amount - coalesce(sum(claimed_amount) over (
        partition by related_charge_number, charge_type
        order by issue_date, charge_number
        rows between unbounded preceding and 1 preceding
    ), 0), 0) as expected_amount
from asked
