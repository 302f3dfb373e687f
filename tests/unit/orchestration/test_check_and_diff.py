"""`vigie check`, `vigie diff` and `vigie contracts` as who calls them sees them: exit codes, JSON
with stable keys, pages that stand alone.
"""

from __future__ import annotations

import json
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from orchestration.cli import main
from tests.unit.difference.releases import write_release
from tests.unit.ingest.support import valid, world, write_delivery

LANGUAGES = ("fr", "nl", "en")
BAD_NUMBER = "80051700339"


class Page(HTMLParser):
    """What a page says of itself."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.lang = ""
        self.loads: list[str] = []
        self.unscoped = 0
        self.text = path.read_text(encoding="utf-8")
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.lang = given.get("lang") or self.lang if tag == "html" else self.lang
        self.unscoped += tag == "th" and "scope" not in given
        self.loads += [given[name] or "" for name in ("src", "srcset") if name in given]
        if tag in ("link", "script", "iframe"):
            self.loads.append(tag)


def stands_alone(path: Path, lang: str) -> Page:
    """One title, a language, heads of tables that say of what, nothing that is fetched."""
    page = Page(path)
    assert page.lang == lang
    assert (page.tags.count("h1"), page.tags.count("main"), page.tags.count("title")) == (1, 1, 1)
    assert page.tags.count("caption") == page.tags.count("table")
    assert page.unscoped == 0
    assert page.loads == []
    return page


@pytest.fixture
def vigie(tmp_path, monkeypatch, capsys):
    """`vigie(*words)`: exit code, standard output, standard error."""
    monkeypatch.setenv("VIGIE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VIGIE_OUT", str(tmp_path / "out"))

    def run(*words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return ended.value.code, said.out, said.err

    return run


@pytest.fixture
def wrong(tmp_path) -> Path:
    """A full delivery with a row of each kind of fault, past the limit of one per cent."""
    tables = world()
    tables["affiliates"].append(valid("affiliates", affiliate_id="A00000003", niss=BAD_NUMBER))
    tables["charges"].append(valid("charges", charge_id="D000000000002", account_id="A99999999"))
    tables["payments"].append(valid("payments", payment_id="P000000000002", channel="<b>pigeon"))
    return write_delivery(tmp_path, "2026-06-30-1", "2026-06-30", "full", tables)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_check_is_told_as_text_and_page(vigie, wrong, tmp_path, lang):
    page = tmp_path / "check.html"
    code, out, err = vigie("check", wrong, "--lang", lang, "--html", page)
    assert (code, err) == (1, "")
    told = stands_alone(page, lang)
    for text in (out, told.text):
        assert BAD_NUMBER not in text
        assert "D000000000002" in text
    assert "<b>pigeon" in out
    assert "<b>pigeon" not in told.text
    assert "&lt;b&gt;pigeon" in told.text
    assert not (tmp_path / "home").exists()
    if lang != "en":
        for english in ("refers to", "correct the row", "is not one of", "rejected", "hidden"):
            assert english not in out
            assert english not in told.text


def test_a_check_as_json(vigie, wrong):
    code, out, _ = vigie("check", wrong, "--json", "--lang", "nl")
    told = json.loads(out)
    assert code == 1
    assert (told["passes"], told["mode"], told["rows_rejected"]) == (False, "full", 3)
    assert {one["extract"] for one in told["rules"]} == {"affiliates", "charges", "payments"}
    assert {one["file"] for one in told["refusals"]} >= {"affiliates.csv", "payments.csv"}
    assert len(told["rejected"]) == 3
    assert BAD_NUMBER not in out
    assert vigie("check", wrong, "--json", "--rows", 0)[1].count('"rejected": []') == 1


def test_a_sound_delivery_passes(vigie, tmp_path):
    folder = write_delivery(tmp_path, "2026-06-30-1", "2026-06-30", "full", world())
    code, out, err = vigie("check", folder, "--lang", "en")
    assert (code, err) == (0, "")
    assert out.startswith("Delivery 2026-06-30-1 would be taken whole.\n")
    shutil.rmtree(folder)
    code, out, err = vigie("check", folder, "--lang", "en")
    assert (code, out) == (1, "")
    assert "There is no folder" in err


@pytest.fixture
def releases(tmp_path) -> tuple[Path, Path]:
    changes = ("update contribution.fct_charges set outstanding_amount = 0 where nature = 'main'",)
    folder = tmp_path / "files"
    one = write_release(folder, "2026-09-30_20261001T000000Z")
    other = write_release(folder, "2026-10-01_20261002T000000Z", changes)
    return one.path, other.path


def test_exit_codes_of_diff(vigie, releases, tmp_path):
    one, other = releases
    assert vigie("diff", one, one)[0] == 0
    assert vigie("diff", one, other)[0] == 1
    assert vigie("diff", one)[0] == 2
    for words in (("current", one), (one, tmp_path / "none.duckdb"), ("previous", one)):
        code, out, err = vigie("diff", *words)
        assert (code, out) == (3, "")
        assert err.strip()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_difference_is_told_as_text_and_page(vigie, releases, tmp_path, lang):
    page = tmp_path / "diff.html"
    code, out, _ = vigie("diff", *releases, "--lang", lang, "--html", page)
    assert code == 1
    told = stands_alone(page, lang)
    for text in (out, told.text):
        assert "contribution.fct_charges.outstanding_amount" in text
        assert "nature = main" in text
    assert vigie("diff", releases[0], releases[0], "--html", page)[0] == 0
    stands_alone(page, "fr")


def test_a_difference_as_json(vigie, releases):
    _, out, _ = vigie("diff", *releases, "--json")
    told = json.loads(out)
    assert told["differs"]
    (table,) = told["tables"]
    assert (table["name"], table["changed"], table["key"]) == (
        "contribution.fct_charges",
        49,
        ["charge_id"],
    )
    assert told["drivers"][0]["moved"] == "2450.00"


def test_contracts_are_pages(vigie, tmp_path):
    code, _, _ = vigie("contracts", "--out", tmp_path / "pages", "--lang", "nl")
    assert code == 0
    for file in (tmp_path / "pages").glob("*.html"):
        stands_alone(file, "nl")
    code, _, err = vigie(
        "contracts", "--out", tmp_path / "more", "--against", tmp_path / "none", "--lang", "en"
    )
    assert code == 1
    assert "no contract" in err
    assert not (tmp_path / "more").exists()
