"""Settings from the environment; texts in three languages; languages and codes of the command
line.
"""

from __future__ import annotations

import os
import re
import string
import subprocess
import sys

import duckdb
import pytest

from orchestration import settings as settings_module
from orchestration.errors import SettingError
from orchestration.settings import PROJECT, Settings
from orchestration.texts import LANGUAGES, TEXTS


@pytest.fixture(autouse=True)
def _clean(monkeypatch):
    for name in [name for name in os.environ if name.startswith("VIGIE_")]:
        monkeypatch.delenv(name, raising=False)


def test_defaults_are_inside_the_data_folder_and_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_env()
    assert settings.home == tmp_path / "data"
    assert settings.landing == settings.home / "landing"
    assert settings.out == settings.home / "out"
    assert settings.lang == "fr"


def test_environment_then_override(monkeypatch, tmp_path):
    monkeypatch.setenv("VIGIE_HOME", str(tmp_path))
    monkeypatch.setenv("VIGIE_LANG", "nl")
    monkeypatch.setenv("VIGIE_KEEP_RELEASES", "3")
    assert Settings.from_env().keep_releases == 3
    assert Settings.from_env().lang == "nl"
    assert Settings.from_env(lang="en", keep_releases=5).lang == "en"
    assert Settings.from_env(**Settings.from_env(lang="en").overrides()) == Settings.from_env(
        lang="en"
    )


NOT_NUMBERS = (
    "many",
    "nan",
    "NaN",
    "inf",
    "-1",
    "",
    " ",
    "1e3",
    "1_0",
    "٣",
    "9" * 30,
    "+5",
    "0x10",
)


@pytest.mark.parametrize("name", [*settings_module.NUMBERS, "VIGIE_MEMORY_LIMIT"])
@pytest.mark.parametrize("value", NOT_NUMBERS)
def test_a_number_that_means_nothing_is_refused_by_name(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingError, match=name):
        Settings.from_env()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VIGIE_KEEP_RELEASES", "0"),
        ("VIGIE_KEEP_RELEASES", "2.5"),
        ("VIGIE_MAX_REJECTED_PCT", "100.5"),
        ("VIGIE_SLICE_ROWS", "0"),
        ("VIGIE_LANG", "de"),
        ("VIGIE_MEMORY_LIMIT", "5"),
        ("VIGIE_MEMORY_LIMIT", "80%"),
        ("VIGIE_MEMORY_LIMIT", "-1GB"),
        ("VIGIE_MEMORY_LIMIT", "1MB"),
        ("VIGIE_HOME", "~nobody-of-that-name/data"),
        ("VIGIE_OUT", "~nobody-of-that-name/out"),
    ],
)
def test_a_value_that_means_nothing_is_refused_by_name(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingError, match=name):
        Settings.from_env()


@pytest.mark.parametrize("value", ["0", "0.5", "100", "1.25"])
def test_a_share_may_have_decimals(monkeypatch, value):
    monkeypatch.setenv("VIGIE_MAX_REJECTED_PCT", value)
    assert Settings.from_env().max_rejected_pct == float(value)


@pytest.mark.parametrize("value", ["5GB", "5 GB", "800mb", "1.5GiB", "64MB"])
def test_amounts_of_memory_that_the_engine_knows(monkeypatch, value):
    monkeypatch.setenv("VIGIE_MEMORY_LIMIT", value)
    Settings.from_env()
    with duckdb.connect(config={"memory_limit": value}) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


@pytest.mark.parametrize("character", [*"*?[%\n\t\x1b\x7f\udce9"])
def test_a_home_whose_name_the_engines_read_otherwise_is_refused_on_one_line(tmp_path, character):
    with pytest.raises(SettingError, match="VIGIE_HOME") as refused:
        Settings.from_env(home=tmp_path / f"a{character}b" / "home")
    sentence = str(refused.value)
    assert sentence.isprintable()
    assert sentence.encode()


@pytest.mark.parametrize("value", ["nan", "-1GB"])
def test_the_command_line_says_so_in_one_sentence(value, tmp_path):
    name = "VIGIE_MEMORY_LIMIT" if value == "-1GB" else "VIGIE_KEEP_RELEASES"
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", "status"],
        env={**os.environ, "VIGIE_HOME": str(tmp_path), "VIGIE_LANG": "nl", name: value},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    [sentence] = done.stderr.splitlines()
    assert sentence.startswith(f"Onjuiste instelling — {name}: '{value}' is geen")


def test_every_setting_is_documented_and_every_documented_setting_is_read():
    documented = set(re.findall(r"`(VIGIE_\w+)`", settings_module.__doc__))
    used = set()
    for folder in ("ingest", "release", "orchestration", "exports", "dashboards", "dbt_project"):
        for file in (PROJECT / folder).rglob("*"):
            if file.suffix in (".py", ".yml", ".sql") and "target" not in file.parts:
                used |= set(re.findall(r"\bVIGIE_[A-Z_]+\b", file.read_text(encoding="utf-8")))
    assert used == documented


def test_texts_are_complete_in_every_language_and_take_the_same_values():
    for key, text in TEXTS.all.items():
        assert set(text) == set(LANGUAGES), key
        values = {
            tuple(sorted({name for _, name, _, _ in string.Formatter().parse(text[lang]) if name}))
            for lang in LANGUAGES
        }
        assert len(values) == 1, key


def test_every_text_is_used_and_every_used_text_exists():
    code = "\n".join(
        file.read_text(encoding="utf-8") for file in (PROJECT / "orchestration").rglob("*.py")
    )
    quoted = set(re.findall(r'"([\w.]+)"', code))
    texts = set(TEXTS.all)
    said = set(re.findall(r'say\(\s*[\w.]+,\s*"([\w.]+)"', code))
    helped = {f"help.{key}" for key in re.findall(r'\b(?:_help|help_of)\("([\w.]+)"\)', code)}
    assert (said | helped) - texts == set()
    # A key that is put together names its last part in the code: a step, a line; or elsewhere:
    # among the reasons of a difference, in the contracts.
    for file in (PROJECT / "exports" / "restatement").glob("*.py"):
        quoted |= set(re.findall(r'"([\w.]+)"', file.read_text(encoding="utf-8")))
    for file in (PROJECT / "ingest" / "contracts").glob("*.yaml"):
        quoted |= set(re.findall(r"\w+", file.read_text(encoding="utf-8")))
    # Of a check, its name; of what the sample fund does not take, there.
    for file in (PROJECT / "dbt_project").rglob("*.sql"):
        quoted.add(file.stem)
    for file in (PROJECT / "dbt_project" / "models").rglob("*.yml"):
        quoted |= set(re.findall(r"name: (\w+)", file.read_text(encoding="utf-8")))
    for file in (PROJECT / "sample").glob("*.py"):
        quoted |= set(re.findall(r'SampleError\("(\w+)"', file.read_text(encoding="utf-8")))
    unused = {
        key for key in texts if not {key, key.partition(".")[2], key.rpartition(".")[2]} & quoted
    }
    assert unused == set()


@pytest.mark.parametrize(("lang", "said"), [("nl", "Nog geen versie"), ("en", "No release")])
def test_the_language_may_stand_before_or_after_the_command(tmp_path, monkeypatch, lang, said):
    """`vigie --lang nl status` as `vigie status --lang nl`; the one of the command wins."""
    from click.testing import CliRunner

    from orchestration.cli import vigie

    monkeypatch.setenv("VIGIE_HOME", str(tmp_path))

    def status(*words: str) -> str:
        return CliRunner().invoke(vigie, list(words)).output

    before, after = status("--lang", lang, "status"), status("status", "--lang", lang)
    assert before == after
    assert said in before
    assert status("--lang", "fr", "status", "--lang", lang) == after
