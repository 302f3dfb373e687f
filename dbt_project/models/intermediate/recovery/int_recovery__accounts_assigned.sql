with accounts as (
    select
        affiliate_id as account_id,
        office_code
    from {{ ref('stg_affiliates') }}
    union all
    select
        company_id as account_id,
        office_code
    from {{ ref('stg_companies') }}
),

-- Of several open cases, the agent of the one that was opened last.
agents as (
    select
        account_id,
        arg_max(agent_id, (opened_date, case_id)) as agent_id
    from {{ ref('fct_cases') }}
    where
        agent_id is not null
        and opened_date <= as_of_date()
        and (closed_date is null or closed_date > as_of_date())
    group by account_id
)

select
    accounts.account_id,
    accounts.office_code,
    agents.agent_id
from accounts
left join agents on accounts.account_id = agents.account_id
