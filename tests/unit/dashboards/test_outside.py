"""Texts from outside are shown letter by letter: never a link, a picture, a formula, a colour."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards import navigation
from dashboards.i18n import Language
from dashboards.outside import escaped, is_account, is_delivery, plain
from tests.unit.dashboards.drawn import APP, healthy, page_script, words_of

FOLDER = Path(navigation.__file__).parent
EVIL = (
    "A00000001 [here](https://evil.example) ![p](https://evil.example/p.png) $x^2$ :red[late]"
    " <b>bold</b> `code` www.evil.example a@evil.example :smile: **all** _so_"
)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("[a](https://b.be)", "["),
        ("![a](x)", "["),
        ("<img src=x>", "<"),
        ("$x$", "$"),
        (":red[x]", "["),
        ("`x`", "`"),
        ("*x*", "*"),
        ("_x_", "_"),
        ("# x", "#"),
        ("~x~", "~"),
        ("a\\b", "\\"),
        ("&lt;", "&"),
    ],
)
def test_a_mark_is_a_letter(text, mark):
    shown = escaped(text)
    assert shown.count(f"\\{mark}") == text.count(mark)
    assert plain(shown) == text


@pytest.mark.parametrize(
    "text", ["https://evil.example", "www.evil.example", "a@b.be", ":smile:", ":material/home:"]
)
def test_what_is_found_in_the_finished_text_is_kept_apart(text):
    assert text not in escaped(text)
    assert plain(escaped(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-05_20261129T145712Z",
        "benefit_claims",
        "-5,00\u00a0€",
        "29/11/2026 14:57",
        "l'échéance (94,6\u00a0%) : 2",
        "Q1–Q4",
    ],
)
def test_what_is_no_mark_stays(text):
    assert escaped(text) == text


def test_one_line_and_once():
    assert "\n" not in escaped("a\n# b\r\u2028c\x1b[31m")
    assert escaped("1. x") != "1. x"
    assert escaped("- x") == "\\- x"
    assert escaped(escaped("*")) == "\\*"


def test_every_text_of_the_interface_escapes_what_it_is_filled_with():
    shown = Language("fr").text("broken_release", reason=EVIL)
    assert "](" not in shown.replace("\\](", "")
    assert "https://" not in shown
    assert "\\$x" in shown


@pytest.mark.parametrize(
    ("text", "account", "delivery"),
    [("A00000001", True, True), ("C12345678", True, True), ("2026-09-30-1", False, True),
     ("A0000001", False, True), ("A00000001\n", False, False), ("../x", False, False),
     ("[x](y)", False, False), ("", False, False), ("é" * 5, False, False)],
)  # fmt: skip
def test_forms(text, account, delivery):
    assert (is_account(text), is_delivery(text)) == (account, delivery)


@pytest.mark.usefixtures("fund")
@pytest.mark.parametrize("lang", ["fr", "nl"])
@pytest.mark.parametrize("page", navigation.declared()[1], ids=lambda page: page.id)
def test_no_query_parameter_is_written_on_a_page(page, lang):
    """Each parameter that any page reads, with a text that is none of its values."""
    app = AppTest.from_string(page_script(page.file, lang), default_timeout=120)
    for name in PARAMETERS:
        app.query_params[name] = EVIL
    healthy(app.run())
    assert "evil" not in written_on(app)
    assert not any("evil" in str(field.value) for field in app.text_input)


@pytest.mark.usefixtures("fund")
def test_an_unknown_language_and_account_of_the_whole_application():
    app = AppTest.from_file(str(APP), default_timeout=60)
    for name in PARAMETERS:
        app.query_params[name] = EVIL
    healthy(app.run())
    assert "evil" not in written_on(app)
    assert app.query_params["lang"] in ("fr", ["fr"])


@pytest.mark.usefixtures("fund")
@pytest.mark.parametrize(
    "page", ["recovery/account", "recovery/worklist", "operations/dictionary", "management/law"]
)
def test_what_a_reader_types_is_not_markdown(page):
    app = AppTest.from_string(page_script(f"views/{page}.py", "fr"), default_timeout=120)
    app.run().text_input[0].input(EVIL).run()
    for button in app.button[:1]:
        button.click().run()
    said = written_on(app)
    assert not app.exception
    assert "https://" not in said
    assert "[here]" not in said
    assert "<b>" not in said


def written_on(app: AppTest) -> str:
    more = [*app.warning, *app.error, *app.metric]
    return "\n".join([words_of(app), *(str(part.value) for part in more)])


def _read_parameters() -> set[str]:
    """Names of parameters of the address that the pages read: keys of filters, without the page."""
    found = {"lang", "release"}
    pages = "|".join(page.id for page in navigation.declared()[1])
    for path in FOLDER.rglob("*.py"):
        found |= set(re.findall(rf'"(?:{pages})_(\w+)"', path.read_text(encoding="utf-8")))
    return found


PARAMETERS = sorted(_read_parameters())


def test_the_parameters_are_found():
    assert {"lang", "account"} <= set(PARAMETERS)


_SAFE = ("text", "escaped")
_SINKS = {"markdown", "caption", "info", "warning", "error", "success", "subheader", "title",
          "badge", "write", "header", "toast", "expander", "paragraph", "note",
          "heading"}  # fmt: skip


def test_a_page_escapes_what_it_puts_together_itself():
    """Every piece of an f-string that Markdown reads is a text of ours or is escaped."""
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_sink = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in _SINKS
                and ast.unparse(node.func.value) in {"st", "sheet"}
                and node.args
            )
            # The key of a text is no piece of what is read; what is escaped as a whole is safe.
            keys = {
                id(piece)
                for call in ast.walk(node.args[0] if is_sink else ast.Pass())
                if isinstance(call, ast.Call) and ast.unparse(call.func).endswith(_SAFE)
                for piece in ast.walk(call.args[0])
            }
            for piece in ast.walk(node.args[0]) if is_sink else ():
                if isinstance(piece, ast.FormattedValue) and id(piece) not in keys:
                    call = piece.value
                    known = isinstance(call, ast.Call) and ast.unparse(call.func) in {
                        "escaped", "text", "reading.text", "language.text",
                    }  # fmt: skip
                    assert known, f"{path.name}:{piece.lineno}: {ast.unparse(piece)}"
