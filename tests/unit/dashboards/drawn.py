"""A page as its file draws it, without a browser, and what is written on it."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from release.reader import open_release

ROOT = Path(__file__).parents[3]
APP = ROOT / "dashboards" / "app.py"


def page(name: str, lang: str = "fr") -> AppTest:
    """One page alone (`recovery/worklist`), on the current release; it did not fail."""
    script = page_script(f"views/{name}.py", lang)
    return healthy(AppTest.from_string(script, default_timeout=120).run())


def page_script(file: str, lang: str) -> str:
    """The code that draws one page in its frame; `file` is relative to the folder of the pages."""
    return f"""
import runpy, sys
sys.path.insert(0, {str(ROOT)!r})
from dashboards import frame, navigation
from dashboards.access.person import everybody
from dashboards.i18n import Language
entry = next(one for one in navigation.declared()[1] if one.file == {file!r})
reading = frame.open_page(entry, Language({lang!r}), everybody())
runpy.run_path({str(APP.parent / file)!r})
frame.close_page(reading)
"""


def whole(lang: str | None = None) -> AppTest:
    """The entry of the pages, as a new session opens it."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    if lang:
        app.query_params["lang"] = lang
    return app.run()


def healthy(app: AppTest) -> AppTest:
    assert not app.exception
    assert not app.error
    return app


def words_of(app: AppTest) -> str:
    """Everything written on the page."""
    parts = [
        *app.title,
        *app.header,
        *app.subheader,
        *app.markdown,
        *app.caption,
        *app.info,
        *app.success,
    ]
    return "\n".join(str(part.value) for part in parts)


def figure(app: AppTest, label: str) -> str:
    """The value of one figure."""
    return next(metric.value for metric in app.metric if metric.label == label)


def query(sql: str, **values: object) -> list[tuple]:
    """Rows of the current release."""
    return open_release().cursor().execute(sql, values or None).fetchall()
