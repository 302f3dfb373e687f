"""An alarm is told once when it begins and once when it is over, to each place."""

from __future__ import annotations

import email
import json
import stat
from dataclasses import replace
from email import policy

import pytest

from orchestration.errors import SettingError
from orchestration.settings import Settings
from orchestration.watch import alarms
from orchestration.watch.alarms import Raised, declared, judge, tell
from orchestration.watch.facts import flat, measured

ALARMS = {alarm.name: alarm for alarm in declared()}
REFUSED = Raised(ALARMS["delivery-refused"], 1, 0)
OLD = Raised(ALARMS["data-too-old"], 50.5, 36)


def state(settings: Settings, **other: object) -> dict:
    """A data folder in which all is well, but for what is said."""
    well = {
        "release": {"release_id": "r1"},
        "freshness": {"hours": 5.0, "is_fresh": True},
        "quarantine": {"open": 3, "by_extract": {}},
        "checks": {"failed": [], "warnings": []},
        "refused": [],
        "held": [],
        "waiting": [],
        "deliveries": 2,
        **measured(settings),
        "runs": [{"outcome": "done"}],
        "last_backup": {"hours": 2.0},
    }
    return well | other


def names(settings: Settings, **other: object) -> set[str]:
    return {one.alarm.name for one in judge(settings, state(settings, **other))}


def notices(settings: Settings) -> list[str]:
    return [file.read_text(encoding="utf-8") for file in sorted(settings.notices.glob("*.txt"))]


def test_all_is_well(settings):
    assert names(settings) == set()


@pytest.mark.parametrize(
    ("other", "alarm"),
    [
        ({"freshness": {"hours": 36.1, "is_fresh": False}}, "data-too-old"),
        ({"release": None, "freshness": None}, "no-release"),
        ({"refused": [{}]}, "delivery-refused"),
        ({"held": [{}]}, "delivery-held"),
        ({"runs": [{"outcome": None}, {"outcome": "failed"}]}, "run-failed"),
        ({"checks": {"failed": [{}], "warnings": []}}, "check-failed"),
        ({"last_backup": {"hours": 36.1}}, "backup-too-old"),
        ({"last_backup": None}, "no-backup"),
        ({"extractions": [{"source": "s", "hours": 1.0, "failed": True}]}, "source-failed"),
        ({"quarantine": {"open": 1001, "by_extract": {}}}, "quarantine-high"),
    ],
)
def test_each_fact_raises_its_alarm(settings, other, alarm):
    assert names(settings, **other) == {alarm}


@pytest.mark.parametrize(
    "other",
    [
        {"freshness": {"hours": 36.0, "is_fresh": True}},
        {"quarantine": {"open": 1000, "by_extract": {}}},
        {"last_backup": {"hours": 36.0}},
        {"runs": [{"outcome": "done"}, {"outcome": "failed"}]},
        {"runs": []},
        # Nothing was ever delivered: there is nothing to be old or to be kept.
        {"release": None, "freshness": None, "deliveries": 0, "last_backup": None, "runs": []},
    ],
)
def test_what_is_at_its_limit_raises_none(settings, other):
    assert names(settings, **other) == set()


def test_what_the_doctor_finds_raises_its_alarm(settings, monkeypatch):
    """A key that is no key; a pointer to a release that is gone; a record that was changed."""
    keys = settings.home / "keys"
    keys.mkdir(mode=0o700)
    (keys / "pseudonym.key").write_text("no key", encoding="utf-8")
    (keys / "pseudonym.key").chmod(0o600)
    settings.releases.mkdir()
    pointer = {"release_id": "r1", "path": "r1.duckdb", "business_date": "2026-06-30"}
    (settings.releases / "current.json").write_text(json.dumps(pointer), encoding="utf-8")
    (settings.home / "access").mkdir()
    (settings.home / "access" / "2026-06.jsonl").write_text("{}\n", encoding="utf-8")
    found = names(settings)
    assert {"key-missing", "release-damaged", "accesses-broken"} <= found
    usage = type("Usage", (), {"free": 10, "total": 100})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    assert "disk-nearly-full" in names(settings)


def test_every_alarm_compares_a_fact_that_there_is_or_a_check(settings):
    facts = flat(settings, state(settings))
    for alarm in declared():
        assert (alarm.fact in facts) != (alarm.finding in alarms.CHECKS), alarm.name
        assert alarm.severity in (alarms.ERROR, alarms.WARNING)
        if alarm.how == "above_setting":
            assert isinstance(getattr(settings, alarm.limit), int)
        said = Raised(alarm, 3.0, 2.0)
        for lang in ("fr", "nl", "en"):
            assert "{" not in said.text(lang)
    assert {alarm.fact for alarm in declared() if alarm.fact} == set(facts)


def test_an_alarm_is_told_once_until_it_is_over(settings, hook):
    settings = replace(settings, alarms=(hook.address,))
    for raised in ([REFUSED], [REFUSED], [REFUSED, OLD], [OLD], [OLD], []):
        assert tell(settings, raised) == []
    told = [(one["alarm"], one["state"]) for one in hook.taken]
    assert told == [
        ("delivery-refused", "raised"),
        ("data-too-old", "raised"),
        ("delivery-refused", "over"),
        ("data-too-old", "over"),
    ]
    assert hook.taken[0]["page"] == "docs/runbook/delivery-refused.md"
    assert hook.taken[0]["severity"] == "error"
    assert "50.5" in hook.taken[1]["text"]
    # One notice each, for who looks at the machine, and its page in it.
    assert len(notices(settings)) == 2
    assert sum("docs/runbook/data-too-old.md" in text for text in notices(settings)) == 1
    tell(settings, [REFUSED])
    assert [one["state"] for one in hook.taken[4:]] == ["raised"]


def test_a_place_that_does_not_answer_is_told_the_next_time(settings, hook):
    settings = replace(settings, alarms=(hook.address,))
    hook.answer = 503
    (sentence,) = tell(settings, [REFUSED])
    assert "127.0.0.1" in sentence
    assert "503" in sentence
    # Its address may be a secret.
    assert "secret-path" not in sentence
    hook.answer = 200
    assert tell(settings, [REFUSED]) == []
    assert [one["state"] for one in hook.taken] == ["raised"]


def test_who_was_not_told_that_it_began_is_not_told_that_it_is_over(settings, hook):
    settings = replace(settings, alarms=(hook.address,))
    hook.answer = 503
    tell(settings, [REFUSED])
    hook.answer = 200
    tell(settings, [])
    assert hook.taken == []
    assert alarms.current(settings) == {}


def test_mail_is_a_file_without_a_server(settings):
    settings = replace(settings, alarms=("mailto:duty@cna.example",))
    tell(settings, [REFUSED])
    tell(settings, [REFUSED])
    tell(settings, [])
    files = sorted((settings.home / "outbox").glob("*.eml"))
    said = [email.message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    assert {one["Subject"] for one in said} == {
        "Vigie – alarm: delivery-refused",
        "Vigie – alarm over: delivery-refused",
    }
    assert {one["To"] for one in said} == {"duty@cna.example"}
    assert all("docs/runbook/delivery-refused.md" in one.get_content() for one in said)


def test_what_is_remembered_holds_no_address(settings, hook):
    settings = replace(settings, alarms=(hook.address, "mailto:duty@cna.example"))
    tell(settings, [REFUSED])
    file = settings.home / "alarms" / "alarms.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text(encoding="utf-8")
    assert "secret-path" not in text
    assert "duty" not in text
    assert list(alarms.current(settings)) == ["delivery-refused"]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"x": 3}', '{"x": {"state": "raised"}}'])
def test_a_damaged_memory_tells_anew(settings, text):
    file = settings.home / "alarms" / "alarms.json"
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    assert tell(settings, [REFUSED]) == []
    assert list(alarms.current(settings)) == ["delivery-refused"]


@pytest.mark.parametrize(
    "place",
    [
        "http://cna.example/x",
        "ftp://x",
        "duty@cna.example",
        "mailto:",
        "mailto:a@b,c@d",
        "https://",
    ],
)
def test_a_place_that_means_nothing_is_told_at_the_start(monkeypatch, place):
    monkeypatch.setenv("VIGIE_ALARMS", f"mailto:duty@cna.example {place}")
    with pytest.raises(SettingError) as error:
        Settings.from_env(lang="en")
    assert "VIGIE_ALARMS" in str(error.value)
    # The address of a webhook may be a secret.
    assert "cna.example" not in str(error.value)


def test_the_doctor_names_a_mail_server_that_others_can_read(settings):
    from orchestration.doctor import access, examine

    assert examine(settings, (access.mail,)) == []
    file = settings.home / "keys" / "mail.toml"
    file.parent.mkdir(mode=0o700)
    file.write_text(
        '[smtp]\nhost = "mail.cna.example"\nsender = "v@cna.example"\npassword = "p9z"\n'
    )
    file.chmod(0o644)
    (found,) = examine(settings, (access.mail,))
    assert found.is_fault
    assert "mail.toml" in found.sentence("en")
    assert "p9z" not in found.sentence("en")
    file.chmod(0o600)
    assert examine(settings, (access.mail,)) == []
