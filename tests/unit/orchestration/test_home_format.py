"""The format of a data folder: an older one is brought up, a newer one refused by every command."""

from __future__ import annotations

import json

import pytest

from orchestration import home_format
from orchestration.cli import main
from orchestration.errors import SettingError
from orchestration.home_format import Step, bring_up, found
from orchestration.settings import Settings


def test_a_new_folder_gets_the_number_of_this_version_without_a_word(tmp_path):
    assert bring_up(tmp_path) == []
    assert found(tmp_path) == home_format.FORMAT
    assert bring_up(tmp_path) == []


def test_a_folder_of_before_is_brought_up_once_and_told(tmp_path):
    (tmp_path / "raw").mkdir()
    assert bring_up(tmp_path) == ["format.step_0"]
    assert json.loads((tmp_path / "format.json").read_text())["format"] == home_format.FORMAT
    assert bring_up(tmp_path) == []


def test_steps_follow_each_other_and_what_they_change_is_copied_first(tmp_path, monkeypatch):
    (tmp_path / "raw").mkdir()
    note = tmp_path / "loads"
    note.mkdir()
    (note / "a.json").write_text("old")
    done = []

    def second(home):
        # The number of the step before stands already: a kill here begins with this one.
        assert found(home) == 1
        (home / "loads" / "a.json").write_text("new")
        done.append("second")

    steps = {**home_format.STEPS, 1: Step("format.step_0", ("loads", "absent"), second)}
    monkeypatch.setattr(home_format, "STEPS", steps)
    monkeypatch.setattr(home_format, "FORMAT", 2)
    assert len(bring_up(tmp_path)) == 2
    assert (note / "a.json").read_text() == "new"
    assert (tmp_path / "backup" / "before-format-2" / "loads" / "a.json").read_text() == "old"
    assert done == ["second"]
    assert found(tmp_path) == 2


def test_a_step_that_fails_leaves_the_number_and_its_copy(tmp_path, monkeypatch):
    (tmp_path / "raw").mkdir()
    (tmp_path / "loads").mkdir()
    (tmp_path / "loads" / "a.json").write_text("old")

    def fails(home):
        (home / "loads" / "a.json").write_text("half")
        raise OSError("disk")

    steps = {**home_format.STEPS, 1: Step("format.step_0", ("loads",), fails)}
    monkeypatch.setattr(home_format, "STEPS", steps)
    monkeypatch.setattr(home_format, "FORMAT", 2)
    for _ in range(2):
        with pytest.raises(OSError, match="disk"):
            bring_up(tmp_path)
        assert found(tmp_path) == 1
        # The copy of before, not of what the first attempt left.
        kept = tmp_path / "backup" / "before-format-2" / "loads" / "a.json"
        assert kept.read_text() == "old"


@pytest.mark.parametrize("words", [("status",), ("run",), ("doctor",), ("backup", "--list", "x")])
def test_a_folder_of_a_newer_version_is_refused_by_one_sentence(
    tmp_path, monkeypatch, capsys, words
):
    said = json.dumps({"format": home_format.FORMAT + 1})
    (tmp_path / "format.json").write_text(said)
    monkeypatch.setenv("VIGIE_HOME", str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        main([*words, "--lang", "en"])
    assert ended.value.code == 1
    told = capsys.readouterr().err
    assert "newer version of Vigie" in told
    assert len(told.splitlines()) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["format.json"]


@pytest.mark.parametrize("said", ["", "{", "[]", '{"format": "x"}', '{"format": null}'])
def test_a_number_that_cannot_be_read_is_told(tmp_path, said):
    (tmp_path / "format.json").write_text(said)
    with pytest.raises(SettingError, match=r"format\.json"):
        Settings.from_env(home=tmp_path)
