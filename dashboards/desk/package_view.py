"""The package of a request: what it shows, what the rules found, what changed, which files.

Belongs here: showing a package that lies in its folder, as it would leave. Does not belong here:
making it, judging it (exports.register).
"""

from pathlib import Path

import pandas as pd
import streamlit as st

from dashboards import downloads, filters, grids, statistic_tables
from dashboards.desk.acting import read
from dashboards.figures import Column
from dashboards.formats import COUNT
from dashboards.outside import escaped
from dashboards.source import Reading
from exports.register.desk import Desk, delivered_version
from exports.register.folder import SLIP, SLIP_SIGNATURE
from exports.register.request import Request, Version
from exports.reread import Reread, reread
from exports.writers.words import left_out_lines, title
from release.reader import Release


def seen(reading: Reading, desk: Desk, request: Request) -> Reread | None:
    """Read the last package of a request, beside what its recipient has; None, with the reason
    told, where it cannot be read.
    """
    version = request.version
    earlier = [
        str(desk.package(one, delivered_version(one)))
        for one in desk.given_to(desk.requests(), request).values()
    ]
    return read(
        reading,
        lambda: _reread(
            reading.release,
            reading.release.id,
            str(desk.package(request)),
            str(version.files),
            tuple(earlier),
            reading.lang,
        ),
    )


@st.cache_resource(show_spinner=False, max_entries=20)
def _reread(
    _release: Release, release_id: str, folder: str, files: str, earlier: tuple[str, ...], lang: str
) -> Reread:
    return reread(Path(folder), _release, lang, [Path(one) for one in earlier])


def preview(reading: Reading, package: Reread, key: str) -> None:
    """Show the tables of the package, one at a time."""
    lang, number = reading.lang, reading.language.number
    names = {part.statistic.code: part.statistic.title(lang) for part in package.parts}
    code, place = filters.side_by_side(
        lambda: filters.one_of(
            f"{key}_code",
            reading.text("statistics_one"),
            list(names),
            {one: f"{one} {name}" for one, name in names.items()},
        ),
        st.container,
    )
    part = package.part(code)
    tables = {f"{one.block.name}/{one.frequency}": one for one in part.tables}
    for told in left_out_lines(part, package.profile, lang):
        st.warning(escaped(told), icon=":material/visibility_off:")
    if not tables:
        return
    with place:
        titles = {name: title(one, lang) for name, one in tables.items()}
        block = reading.text("statistics_block")
        chosen = filters.one_of(f"{key}_block", block, list(tables), titles)
    table = tables[chosen]
    cells = len(table.rows) * len(table.measures)
    st.caption(
        reading.text("statistics_table_cost", cells=number(cells), hidden=number(table.hidden))
    )
    statistic_tables.show(reading, f"{key}_{code}_{chosen}", table, package.codes)


def findings(reading: Reading, request: Request, version: Version) -> None:
    """Show the rules that do not hold, what was waived, and how many hold."""
    st.markdown(reading.text("desk_rules_held", count=reading.language.number(version.passed)))
    if not version.failed:
        st.success(reading.text("desk_rules_all"), icon=":material/check_circle:")
        return
    waived = {one.rule: one for one in (request.round.waivers if request.round else ())}
    rows = pd.DataFrame(
        {
            "rule": one["rule"],
            "level": reading.text(f"desk_level_{one['level']}"),
            "code": one["code"],
            "failed": one["failed"],
            "said": one[f"sentence_{reading.lang}"],
            "waived": _waiver(reading, waived.get(one["rule"])),
        }
        for one in version.failed
    )
    columns = [
        Column("rule", reading.text("desk_rule")),
        Column("level", reading.text("desk_level"), reading.text("desk_level_help")),
        Column("code", reading.text("statistics_one")),
        Column("failed", reading.text("desk_failed"), format=COUNT),
        Column("said", reading.text("desk_said"), wide=True),
        Column("waived", reading.text("desk_waived"), wide=True),
    ]
    grids.show_table(reading, f"desk_rules_{request.id}", rows, columns)


def _waiver(reading: Reading, waiver) -> str:
    if waiver is None:
        return ""
    return reading.text("desk_waived_by", by=waiver.by, reason=waiver.reason)


def files(reading: Reading, desk: Desk, request: Request, version: Version) -> None:
    """Show every file of the package with the hash it was produced with, and whether it still has
    it; offer all of them as one file.
    """
    changed = set(request.changed)
    folder = desk.package(request, version)
    rows = pd.DataFrame(
        {
            "file": name,
            "bytes": (folder / name).stat().st_size if (folder / name).is_file() else None,
            "sha256": digest,
            "now": reading.text("desk_file_changed" if name in changed else "desk_file_same"),
        }
        # What was added has no hash that it was produced with.
        for name, digest in sorted({**dict.fromkeys(changed, ""), **version.files}.items())
    )
    columns = [
        Column("file", reading.text("desk_file")),
        Column("now", reading.text("desk_file_now")),
        Column("bytes", reading.text("desk_bytes"), format=COUNT),
        Column("sha256", "SHA-256"),
    ]
    grids.show_table(reading, f"desk_files_{request.id}", rows, columns)
    file = f"{request.id}_v{version.number}.zip"
    # Of what has left, as it left: with the slip that says who checked it.
    slips = [folder.parent / name for name in (SLIP, SLIP_SIGNATURE)]
    besides = [path for path in slips if path.is_file()]
    downloads.button(
        reading,
        f"desk_package_{request.id}",
        "desk_package",
        file,
        lambda: downloads.zipped(folder, besides),
    )
    st.caption(reading.text("desk_folder", folder=escaped(folder)))
