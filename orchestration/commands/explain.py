"""`vigie explain`: how one figure of a release came about.

Belongs here: reading the arguments, opening the release, writing what was found. Does not belong
here: what is told (explain).
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from orchestration.commands.options import FOLDER, help_of, language
from orchestration.settings import Settings

KINDS = ("charge", "payment", "affiliate", "benefit-payment", "case", "cell", "commitment")
_PAGES = Path(__file__).resolve().parents[2] / "dashboards" / "pages.yaml"
#: Of a terminal, the width that tables still read well in; of a file, that of a page.
_WIDEST, _FILE = 180, 120


@click.command(help=help_of("explain"))
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("given", metavar="ID")
@click.option("--release", "word", default="current", metavar="R", help=help_of("explain.release"))
@click.option("--home", type=FOLDER, help=help_of("verify.home"))
@click.option("--json", "as_json", is_flag=True, help=help_of("status.json"))
@language
def explain(
    kind: str, given: str, word: str, home: Path | None, as_json: bool, lang: str | None
) -> int:
    """Explain a figure."""
    from explain.kinds import explain as tell
    from explain.release_source import ReleaseSource
    from release.difference.find import find

    settings = Settings.from_env(home=home, lang=lang)
    source = ReleaseSource(find(word, settings.home), settings.home, settings.out)
    found = tell(source, kind, given, settings.lang)
    if as_json:
        from explain.as_json import as_json as written

        click.echo(written(found))
        return 0
    from explain.as_text import as_text
    from explain.words import Words

    words = Words(source, found, settings.lang, _titles(settings.lang))
    is_terminal = sys.stdout.isatty()
    width = min(shutil.get_terminal_size().columns, _WIDEST) if is_terminal else _FILE
    click.echo(as_text(found, words, width, color=is_terminal), nl=False)
    return 0


def _titles(lang: str) -> dict[str, str]:
    """Titles of the pages. They are read, not asked of the pages: those import Streamlit."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    pages = yaml.load(_PAGES.read_text(encoding="utf-8"), Loader=loader)["pages"]
    spoken = "nl" if lang == "nl" else "fr"
    return {page["id"]: page[f"title_{spoken}"] for page in pages}
