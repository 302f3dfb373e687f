"""The answer to a statistical request: codes, a period, a recipient in; a package out.

Belongs here: the order of the steps. Does not belong here: what any one step does.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from exports.available import held_periods, require_covered
from exports.catalogue import (
    Statistic,
    check_table,
    find_statistics,
    load_catalogue,
    load_codes,
)
from exports.cells import Cells, take_all
from exports.commission import Commission
from exports.files import write_files
from exports.package import AnswerPackage, Contents, part_of
from exports.periods import Period, parse_period
from exports.profiles import Profile, find_profile
from exports.protection import protect_answer, read_packages
from exports.texts import check_language
from exports.validation import validate
from exports.validation.withdrawn import withdrawals
from release.dictionary import read_dictionary
from release.reader import Release, open_release


def answer(
    codes: list[str],
    period: str,
    *,
    out: Path,
    profile: str = "public",
    home: Path | None = None,
    as_of: date | str | None = None,
    lang: str = "fr",
    earlier: Sequence[Path] = (),
    commission: Commission | None = None,
) -> AnswerPackage:
    """Write the statistics `codes` of `period` for a recipient into a new folder under `out`.

    Args:
        codes: statistic codes (T01, T08 …), in any order and case.
        period: a year (2025), a quarter (2025Q3) or a month (2025-09).
        out: parent folder; the package is a folder in it with a name that says what it holds.
        profile: recipient of profiles.yaml.
        home: data folder (default: VIGIE_HOME).
        as_of: business date of the release to read (default: the current one).
        lang: language of the workbook and the note (fr or nl); codes.csv has every label in both.
        earlier: folders of packages that the recipient has already; the attacker knows them too,
            and the note says what changed since.
        commission: the request of the register that it answers, if any.

    Raises:
        ExportError: one sentence, in `lang`; nothing is written then. UnprotectedCells when a
            cell that `profile` protects would leave.
        release.errors.ReleaseError: no such release.
    """
    release = open_release(home, _day(as_of))
    contents, cursor = prepare(
        release,
        codes,
        period,
        profile=profile,
        lang=lang,
        earlier=earlier,
        commission=commission,
    )
    return write_files(validated(contents, cursor, earlier), cursor, out, earlier, home)


def validated(contents: Contents, cursor, earlier: Sequence[Path] = ()) -> Contents:
    """Return the contents with what the rules of validation find, which the manifest says, and what
    a correction withdraws, which cover and note say.
    """
    return replace(
        contents,
        findings=tuple(validate(contents, cursor, earlier)),
        withdrawn=withdrawals(contents, cursor, earlier),
    )


def prepare(
    release: Release,
    codes: list[str],
    period: str,
    *,
    profile: str = "public",
    lang: str = "fr",
    earlier: Sequence[Path] = (),
    commission: Commission | None = None,
) -> tuple[Contents, object]:
    """Give what a recipient may see, before anything is written: what a package would hold, and the
    cursor whose connection has its cells.

    Raises as `answer` does.
    """
    check_language(lang)
    recipient = find_profile(profile, lang)
    asked_period = parse_period(period, lang)
    cursor = release.cursor()
    catalogue = load_catalogue(read_dictionary(release))
    statistics = find_statistics(catalogue, codes, release.id, lang)
    lists = {d.list_name for statistic in statistics for d in statistic.dimensions}
    code_lists = load_codes(cursor, lists)

    for statistic in statistics:
        check_table(cursor, statistic, lang)
    asked = _covered(cursor, statistics, asked_period, lang)
    cells_of = _cells(cursor, asked, recipient, lang, earlier, catalogue)

    parts = []
    for statistic, ref_periods in asked:
        cells = cells_of[statistic.code]
        csv_name = f"{statistic.code}_{asked_period.text}_{recipient.name}.csv"
        parts.append(part_of(cursor, statistic, ref_periods, cells, code_lists, csv_name))
    about = release.about
    contents = Contents(
        parts=tuple(parts),
        codes=code_lists,
        period=asked_period,
        profile=recipient,
        lang=lang,
        release_id=release.id,
        business_date=release.business_date,
        built_at=about["built_at"],
        code_version=str(about["code_version"]),
        checks=(int(about["checks_passed"]), int(about["checks_warned"])),
        commission=commission,
    )
    return contents, cursor


def _day(as_of: date | str | None) -> date | None:
    return date.fromisoformat(as_of) if isinstance(as_of, str) else as_of


def _covered(
    cursor, statistics: Sequence[Statistic], period: Period, lang: str
) -> list[tuple[Statistic, list[str]]]:
    """Each statistic with its reference periods in `period`.

    Raises UnknownPeriod: names every statistic that has none, and the periods that it has.
    """
    found = require_covered(held_periods(cursor, statistics), period, lang)
    return [(statistic, found[statistic.code]) for statistic in statistics]


def _cells(
    cursor, asked: list, profile: Profile, lang: str, earlier, catalogue
) -> dict[str, Cells]:
    """What the recipient sees of each statistic."""
    if profile.protects:
        return protect_answer(cursor, asked, profile, lang, earlier, catalogue)
    read_packages(earlier, profile, lang)
    return {
        statistic.code: take_all(cursor, statistic, ref_periods, profile)
        for statistic, ref_periods in asked
    }
