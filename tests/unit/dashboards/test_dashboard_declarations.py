"""What is declared in files: pages, words, levels. A new page or word cannot be half there."""

import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from dashboards import i18n, navigation
from dashboards.i18n import LANGUAGES, Language
from dashboards.reference import freshness
from release import references

FOLDER = Path(navigation.__file__).parent


def test_both_languages_have_the_same_texts():
    """Same keys, same places to fill in, nothing empty."""
    french, dutch = i18n.words("fr"), i18n.words("nl")
    assert set(french) == set(dutch)
    for key in french:
        assert french[key].strip()
        assert dutch[key].strip()
        assert set(re.findall(r"{(\w+)}", french[key])) == set(re.findall(r"{(\w+)}", dutch[key]))


def test_every_text_used_exists_and_every_text_is_used():
    """Pages name texts by key; a key nobody names is dead. A figure `x` is told by `x_help`."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.py"))
    used = set(re.findall(r"\btext\(\s*\"(\w+)\"", code))
    assert used <= set(i18n.words("fr"))
    ending = r"_(help|one|many)$"
    unnamed = {key for key in i18n.words("fr") if f'"{re.sub(ending, "", key)}' not in code}
    assert unnamed <= _BUILT_KEYS


# Keys that pages put together: step_{option}, cohorts_metric_{name}, {page}_title, {page}_intro,
# accuracy_{name}, defined_{kind}, dictionary_subject_{schema}, unit_name_{unit},
# account_lane_{lane}, account_tab_{tab}, board_{figure}, bridge_on_{figure},
# notebook_{part}, notebook_lacks_{action}, notebook_did_{action}, quarantine_why_{rule},
# notices_{part}_{code}, quarantine_do_{rule}, statistics_class_{class}, desk_view_{view},
# desk_level_{level}, desk_awaited_{part}, desk_language_{lang}, review_check_{point},
# review_{part}, review_{part}_said.
_FAMILIES = (
    "account_lane_",
    "account_tab_",
    "board_",
    "bridge_on_",
    "notebook_",
    "notices_direction_",
    "notices_kind_",
    "notices_list_",
    "notices_said_",
    "notices_state_",
    "notices_unit_",
    "notices_when_",
    "unit_",
    "quarantine_why_",
    "quarantine_do_",
    "statistics_class_",
    "desk_awaited_",
    "desk_language_",
    "desk_view_",
    "desk_level_",
    "review_check_",
    "review_producer",
    "review_turn",
    "review_voted",
    "review_waived",
)
_BUILT_KEYS = {
    *(key for key in i18n.words("fr") if key.startswith("dictionary_subject_")),
    *(key for key in i18n.words("fr") if key.startswith(_FAMILIES)),
    *(f"defined_{kind}{s}" for kind in references.KINDS for s in ("", "s")),
    *(f"versions_{of}{side}" for of in ("", "rows_") for side in ("before", "after", "change")),
    *(f"deadlines_{state}{s}" for state in ("prescribed", "lapsed") for s in ("", "_help")),
    *(f"versions_{kind}" for kind in ("added", "removed", "changed")),
    "cohorts_metric_share",
    "cohorts_metric_amount",
    "cohorts_metric_open",
    "step_quarter",
    "step_year",
    *(f"{page.id}_{part}" for page in navigation.declared()[1] for part in ("title", "intro")),
}


def test_every_page_has_its_file_titles_and_audience():
    """A new page is one entry and one file; both must be there, once."""
    audiences, pages = navigation.declared()
    assert len({page.id for page in pages}) == len(pages)
    assert {page.audience for page in pages} <= {audience.id for audience in audiences}
    for entry in (*audiences, *pages):
        assert all(entry.title(lang).strip() for lang in LANGUAGES)
    for page in pages:
        assert (FOLDER / page.file).is_file(), page.file
        assert page.file.startswith("views/")
    declared = {FOLDER / page.file for page in pages}
    assert {p for p in (FOLDER / "views").rglob("*.py") if p.name != "__init__.py"} == declared


def test_no_module_of_the_folder_hides_a_package():
    """Streamlit puts this folder first on the import path."""
    packages = {"release", "exports", "ingest", "orchestration", "dashboards"}
    assert not {path.stem for path in FOLDER.iterdir()} & packages


def test_no_folder_that_streamlit_takes_for_its_own_pages():
    """Beside the entry, a folder of this name makes the first session of a server look up its
    address among the files there, before our navigation is known: "page not found"."""
    assert not (FOLDER / "pages").exists()


def test_a_chart_is_shown_with_its_sentence_and_its_table():
    """Pages show charts through the one frame that asks for both."""
    for path in FOLDER.rglob("*.py"):
        if path.name not in {"charts.py", "exhibits.py", "grids.py"}:
            code = path.read_text(encoding="utf-8")
            assert not re.search(
                r"\b(show_chart|vega_lite_chart|altair_chart|show_twin)\(", code
            ), path


def test_nothing_comes_from_elsewhere():
    """No address of another machine in the pages; no usage statistics; loopback."""
    for path in [*FOLDER.rglob("*.py"), *FOLDER.rglob("*.yaml")]:
        assert not re.search(r"https?://", path.read_text(encoding="utf-8")), path
    config = (FOLDER / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert "gatherUsageStats = false" in config
    assert 'address = "127.0.0.1"' in config


@pytest.mark.parametrize(
    ("lang", "euros", "percent"),
    [
        ("fr", "1\u202f234\u202f567,89\u00a0€", "12,3\u00a0%"),
        ("nl", "€\u00a01.234.567,89", "12,3\u00a0%"),
    ],
)
def test_numbers_as_written_in_belgium(lang, euros, percent):
    """Thousands, decimals and the euro sign; a dash where there is nothing."""
    language = Language(lang)
    assert language.euros(1234567.89) == euros
    assert language.percent(0.1234) == percent
    assert language.percent(None) == language.euros(float("nan")) == "–"
    # What pandas has for 0 of 0.
    assert language.percent(pd.NA) == language.number(pd.NA) == "–"


@pytest.mark.parametrize(
    ("today", "key", "days"),
    [
        (date(2026, 9, 30), "fresh", 0),
        (date(2026, 9, 1), "fresh", 0),
        (date(2026, 10, 4), "fresh", 4),
        (date(2026, 10, 5), "aging", 5),
        (date(2026, 10, 8), "aging", 8),
        (date(2026, 10, 9), "late", 9),
    ],
)
def test_freshness(today, key, days):
    """A long weekend passes; after eight days the data are overdue."""
    age = freshness(date(2026, 9, 30), today)
    assert (age.key, age.days) == (key, days)
