"""How the ledgers write an account as a number, as SQL.

Both ledgers lie in the order of that number, so who asks by it skips all other accounts. The same
as in dbt_project/macros/ledger_codes.sql. Does not belong here: queries.
"""

_FIRST_COMPANY = 100_000_000

# The key of the parameter $account.
KEY_OF_ACCOUNT = (
    "(cast(substr($account, 2) as integer)"
    f" + case when $account like 'C%' then {_FIRST_COMPANY} else 0 end)"
)
# The account of the column account_key.
ACCOUNT_OF_KEY = (
    f"printf(case when account_key < {_FIRST_COMPANY} then 'A%08d' else 'C%08d' end,"
    f" account_key % {_FIRST_COMPANY})"
)
