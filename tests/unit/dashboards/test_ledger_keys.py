"""The number of an account and back, as the macros of the ledger have it."""

import duckdb
import pytest

from dashboards.ledger_keys import ACCOUNT_OF_KEY, KEY_OF_ACCOUNT


@pytest.mark.parametrize(
    ("account", "key"),
    [("A00000012", 12), ("A99999999", 99_999_999), ("C00000000", 100_000_000),
     ("C00000012", 100_000_012)],
)  # fmt: skip
def test_an_account_is_its_key_and_back(account, key):
    found = duckdb.execute(
        f"select account_key, {ACCOUNT_OF_KEY} from (select {KEY_OF_ACCOUNT} as account_key)",
        {"account": account},
    ).fetchone()
    assert found == (key, account)
