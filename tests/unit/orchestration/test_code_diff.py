"""`make diff`: what is made alike in both data folders, so that only the code differs."""

from __future__ import annotations

from pathlib import Path

from ingest.pseudonym import ensure_key
from orchestration import code_diff


def test_both_folders_have_one_key_of_pseudonyms(tmp_path: Path):
    before, after = tmp_path / "before", tmp_path / "after"
    code_diff._one_key(before, after)
    assert ensure_key(before, may_create=False) == ensure_key(after, may_create=False)
