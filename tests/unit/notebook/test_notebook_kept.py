"""Notes are kept as long as the setting says, and the address of their database is checked."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboards.notebook import entry as lines
from dashboards.notebook.entry import Entry
from dashboards.notebook.store import Notebook
from orchestration import sweep
from orchestration.errors import SettingError
from orchestration.settings import Settings


@pytest.mark.parametrize(("days", "kept"), [(364, 1), (367, 0)])
def test_a_run_forgets_notes_of_long_ago(home, monkeypatch, days, kept):
    monkeypatch.delenv("VIGIE_NOTEBOOK", raising=False)
    monkeypatch.setenv("VIGIE_KEEP_NOTES_MONTHS", "12")
    at = datetime.now(UTC) - timedelta(days=days)
    Notebook(home).add(Entry(0, at, "Anne", "A00000001", lines.TAKE), at)
    sweep.forget_notes(Settings.from_env(home=home))
    assert len(Notebook(home).entries()) == kept


def test_an_address_that_is_none_is_told_before_anything_is_opened(home, monkeypatch):
    monkeypatch.setenv("VIGIE_NOTEBOOK", "postgres//secret")
    with pytest.raises(SettingError) as told:
        Settings.from_env(home=home)
    assert "VIGIE_NOTEBOOK" in str(told.value)
    assert "secret" not in str(told.value)
