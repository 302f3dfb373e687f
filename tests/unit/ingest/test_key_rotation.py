"""The rotation of the key of the pseudonyms, as docs/deliveries.md walks through it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from ingest.errors import IngestError
from ingest.load import load_ready
from ingest.raw import RawHistory
from tests.unit.ingest.support import valid, world, write_delivery


def persons(home: Path) -> dict[str, str]:
    file = home / "raw" / "2026-06-30-1" / "affiliates.parquet"
    rows = duckdb.sql(f"select affiliate_id, person_key from read_parquet('{file}')").fetchall()
    return dict(rows)


def test_a_new_key_is_a_new_history_that_says_the_same_of_other_pseudonyms(tmp_path):
    landing, old, new = tmp_path / "landing", tmp_path / "old", tmp_path / "new"
    write_delivery(landing, "2026-06-30-1", "2026-06-30", "full", world())
    payment = valid("payments", payment_id="P900000000001", amount="1.00")
    write_delivery(landing, "2026-07-01-1", "2026-07-01", "delta", {"payments": [payment]})
    for home in (old, new):
        outcome = load_ready(landing, home)
        assert [one.delivery_id for one in outcome.loaded] == ["2026-06-30-1", "2026-07-01-1"]
    # The same dossiers; no pseudonym of the one is in the other.
    assert persons(old).keys() == persons(new).keys()
    assert not set(persons(old).values()) & set(persons(new).values())
    first, second = (RawHistory(home).receipts() for home in (old, new))
    assert {one.key_id for one in first}.isdisjoint({one.key_id for one in second})
    assert [one.rows_accepted for one in first] == [one.rows_accepted for one in second]
    # A key exchanged in place is refused, nothing is loaded with it, and the old one goes on.
    kept = (old / "keys" / "pseudonym.key").read_text()
    (old / "keys" / "pseudonym.key").write_text((new / "keys" / "pseudonym.key").read_text())
    with pytest.raises(IngestError, match="not the one the raw history was made with"):
        load_ready(landing, old)
    (old / "keys" / "pseudonym.key").unlink()
    with pytest.raises(IngestError, match="is missing"):
        load_ready(landing, old)
    (old / "keys" / "pseudonym.key").write_text(kept)
    (old / "keys" / "pseudonym.key").chmod(0o600)
    assert load_ready(landing, old).known == ["2026-06-30-1", "2026-07-01-1"]
