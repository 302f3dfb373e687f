"""The statistics for whoever sends them: the catalogue, and a table as its recipient would see it,
with what protecting it costs.

Belongs here: the choices and the sentences of this page. Does not belong here: the catalogue
(sections/statistics_catalogue.py), the figures (the release), which cells are hidden
(exports.protection), the files (exports).
"""

import tempfile
from pathlib import Path

import streamlit as st

from dashboards import downloads, figures, filters, sheet, statistic_tables
from dashboards.figures import Figure
from dashboards.outside import Markdown, escaped
from dashboards.sections import statistics_catalogue
from dashboards.source import Reading, current
from exports.answer import prepare, validated
from exports.catalogue import Statistic, load_catalogue
from exports.errors import ExportError
from exports.files import write_files
from exports.periods import words
from exports.preview import Preview, preview
from exports.profiles import profiles
from exports.writers.words import left_out_lines, title
from release.dictionary import read_dictionary


def render(reading: Reading) -> None:
    """Draw the page."""
    catalogue = load_catalogue(read_dictionary(reading.release))
    if not catalogue:
        sheet.info(reading.text("empty"), icon=":material/filter_alt_off:")
        return
    statistics_catalogue.show(reading, catalogue)
    chosen = _choose(reading, catalogue)
    if chosen is None:
        sheet.info(reading.text("empty"), icon=":material/filter_alt_off:")
        return
    statistic, period, profile = chosen
    statistics_catalogue.describe(reading, statistic)
    try:
        with st.spinner(reading.text("statistics_protecting")):
            seen = _preview(
                reading.release, reading.release.id, statistic.code, period, profile, reading.lang
            )
    except ExportError as error:
        # Nothing left to give is an answer too.
        sheet.warning(escaped(str(error)), icon=":material/block:")
        return
    _cost(reading, seen)
    _table(reading, seen)
    _package(reading, statistic, period, profile)


@st.cache_resource(show_spinner=False, max_entries=40)
def _preview(
    _release, release_id: str, code: str, period: str, profile: str, _lang: str
) -> Preview:
    """The same cells in every language, so kept once; only a refusal, never kept, has words."""
    return preview(_release, code, period, profile, _lang)


def _choose(reading: Reading, catalogue: dict[str, Statistic]) -> tuple | None:
    lang = reading.lang
    names = {code: f"{code} {one.title(lang)}" for code, one in catalogue.items()}
    recipients = {name: profile.label(lang) for name, profile in profiles().items()}
    code, place, profile = filters.side_by_side(
        lambda: filters.one_of(
            "statistics_code", reading.text("statistics_one"), list(catalogue), names
        ),
        lambda: st.container(),
        lambda: filters.one_of(
            "statistics_profile",
            reading.text("statistics_recipient"),
            list(recipients),
            recipients,
            default="public",
        ),
    )
    periods = statistics_catalogue.periods(reading, catalogue[code])
    if not periods:
        return None
    years = [period for period in periods if len(period) == 4]
    with place:
        period = filters.one_of(
            "statistics_period",
            reading.text("statistics_period"),
            periods,
            {one: words(one, lang) for one in periods},
            default=next(iter(years), periods[0]),
        )
    return catalogue[code], period, profile


def _cost(reading: Reading, seen: Preview) -> None:
    number, percent = reading.language.number, reading.language.percent
    hidden = sum(seen.part.hidden.values())
    share = percent(hidden / seen.part.cells, 1) if seen.part.cells else "–"
    figures.show_figures(
        reading,
        [
            _figure(reading, "statistics_cells", number(seen.part.cells)),
            _figure(reading, "statistics_hidden", number(hidden), share),
            _figure(reading, "statistics_left_out", number(len(seen.part.left_out))),
        ],
    )
    lines = left_out_lines(seen.part, seen.contents.profile, reading.lang)
    if lines:
        told = "\n".join(f"- {escaped(line)}" for line in lines)
        sheet.warning(Markdown(told), icon=":material/visibility_off:")


def _figure(reading: Reading, key: str, value: str, beside: str = "") -> Figure:
    return Figure(reading.text(key), value, reading.text(f"{key}_help"), beside, "S11")


def _table(reading: Reading, seen: Preview) -> None:
    lang, number = reading.lang, reading.language.number
    tables = seen.part.tables
    if not tables:
        return
    names = [f"{table.block.name}/{table.frequency}" for table in tables]
    titles = dict(zip(names, (title(table, lang) for table in tables), strict=True))
    chosen = filters.one_of("statistics_block", reading.text("statistics_block"), names, titles)
    table, cost = tables[names.index(chosen)], seen.costs[names.index(chosen)]
    counted = {"cells": number(cost.cells), "hidden": number(cost.hidden)}
    if cost.value_share:
        share = reading.language.percent(float(cost.value_share), 1)
        sheet.note(reading.text("statistics_value_cost", share=share, **counted))
    else:
        sheet.note(reading.text("statistics_table_cost", **counted))
    statistic_tables.show(reading, f"statistics_{chosen}", table, seen.contents.codes)


def _package(reading: Reading, statistic: Statistic, period: str, profile: str) -> None:
    """The same package as the command writes, in one file."""
    file = f"{statistic.code}_{period}_{profile}_{reading.lang}.zip"
    downloads.button(
        reading,
        "statistics_package",
        "statistics_package",
        file,
        lambda: zipped(reading, statistic.code, period, profile),
        about="statistics_package_help",
    )


def zipped(reading: Reading, code: str, period: str, profile: str) -> bytes:
    """Return the files of a package as one zip, the same bytes for the same request."""
    with tempfile.TemporaryDirectory() as folder:
        contents, cursor = prepare(
            reading.release, [code], period, profile=profile, lang=reading.lang
        )
        # The data folder of the release: its key signs the package.
        home = reading.release.path.parents[1]
        package = write_files(validated(contents, cursor), cursor, Path(folder), home=home)
        return downloads.zipped(package.folder)


render(current())
