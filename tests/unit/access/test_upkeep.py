"""What the doctor says of accesses and of the login, and what a run sweeps."""

from __future__ import annotations

import json

from dashboards.access import log
from orchestration.doctor import access
from orchestration.settings import Settings
from orchestration.sweep import _sweep_accesses


def told(check, home, lang="en") -> list[str]:
    settings = Settings.from_env(home=home, lang=lang)
    return [each.sentence(lang) for each in check(settings)]


def test_a_data_folder_nobody_looked_at_has_no_fault(tmp_path):
    assert told(access.accesses, tmp_path) == []
    assert told(access.login, tmp_path) == []


def test_a_broken_record_is_told_with_its_line(tmp_path):
    for number in range(3):
        log.write(log.Access(log.PAGE, str(number), "N"), tmp_path)
    assert told(access.accesses, tmp_path) == []
    (file,) = log.folder_of(tmp_path).glob("*.jsonl")
    file.write_bytes(file.read_bytes().replace(b'"subject": "1"', b'"subject": "9"'))
    (sentence,) = told(access.accesses, tmp_path)
    assert f"access/{file.name}, line 2," in sentence
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:1]))
    for lang in ("fr", "nl", "en"):
        (sentence,) = told(access.accesses, tmp_path, lang)
        assert f"access/{file.name}" in sentence


def test_a_login_that_cannot_be_used_is_told(tmp_path):
    file = tmp_path / "keys" / "login.toml"
    file.parent.mkdir()
    file.write_text("[auth]\n", encoding="utf-8")
    file.chmod(0o600)
    (sentence,) = told(access.login, tmp_path, "fr")
    assert "redirect_uri" in sentence


def test_a_run_ends_the_months_past_the_setting(tmp_path, monkeypatch):
    log.write(log.Access(log.PAGE, "1", "N"), tmp_path)
    (file,) = log.folder_of(tmp_path).glob("*.jsonl")
    old = file.with_name("2024-01.jsonl")
    old.write_bytes(file.read_bytes())
    file.unlink()
    head = log.folder_of(tmp_path) / "head.json"
    head.write_text(json.dumps(json.loads(head.read_text()) | {"file": old.name}))
    _sweep_accesses(Settings.from_env(home=tmp_path))
    assert old.exists()
    monkeypatch.setenv("VIGIE_KEEP_ACCESS_MONTHS", "12")
    _sweep_accesses(Settings.from_env(home=tmp_path))
    assert not old.exists()
    log.write(log.Access(log.PAGE, "2", "N"), tmp_path)
    chain = log.read(tmp_path)
    assert chain.fault is None
    assert [line.access.subject for line in chain.lines] == ["2"]
