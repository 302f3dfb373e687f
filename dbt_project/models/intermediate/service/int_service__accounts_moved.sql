-- Accounts that another office manages than at the last release.
select account_id
from {{ ref('int_service__accounts_managed') }}
where office_code is distinct from previous_office_code
