"""The sheets that explain the others: cover, contents, notes, definitions, codes.

Belongs here: what a reader has to know of the whole package. Does not belong here: the tables of
the blocks (xlsx.py), how a sheet is made (book.py).
"""

from collections.abc import Iterable, Sequence

from exports.catalogue import Statistic
from exports.days import day, moment
from exports.package import Contents, Part
from exports.periods import words, words_of
from exports.signs import HIDDEN, NOT_APPLICABLE, NOT_AVAILABLE, SIGNS
from exports.tables import BlockTable
from exports.texts import basis, joined, other, text, text_or
from exports.units import unit_of
from exports.writers.book import Book, Head, Line, Link
from exports.writers.csv import used_codes
from exports.writers.words import hidden_line, left_out_lines, withdrawn_lines

_FRONT = ("cover", "contents", "notes", "definitions", "codes")
_GENERAL = ("total", "levels", "periods", "blocks", "reproducible")


def write_front(book: Book, sheets: dict[str, BlockTable], titles: dict[str, str]) -> None:
    """Write the sheets before the tables, which `sheets` and `titles` hold by name."""
    lang, contents = book.lang, book.contents
    written = {
        "cover": _cover(contents, lang),
        "notes": _notes(contents, lang),
        "definitions": _definitions(contents, lang),
        "codes": _codes(contents, lang),
    }
    written["contents"] = [
        (
            Link(text(f"sheet_{key}", lang)),
            text(f"{key}_title", lang),
            len(written[key]) if key in written else len(_FRONT) + len(sheets),
            0,
        )
        for key in _FRONT
    ]
    written["contents"] += [
        (Link(name), titles[name], len(table.rows), table.hidden) for name, table in sheets.items()
    ]
    heads = {
        "cover": _heads(lang, item=44, content=96),
        "contents": [
            *_heads(lang, sheet=22, table=96),
            Head(text("head_rows", lang), 12, number=True),
            Head(text("head_not_shown", lang), 16, number=True),
        ],
        "notes": _heads(lang, note=12, about=40, content=110),
        "definitions": _heads(
            lang, statistic=12, kind=14, code=24, label=40, unit=20, definition=80
        ),
        "codes": [
            Head(text("head_list", lang), 24),
            Head(text("head_code", lang), 18, is_code=True),
            *(Head(text(f"head_label_{one}", lang), 48) for one in (lang, other(lang))),
            Head(text("head_provisional", lang), 12),
        ],
    }
    for key in _FRONT:
        lines = [] if key == "contents" else [Line(text("to_contents", lang), _contents(lang))]
        if key == "cover" and (warning := override_line(contents, lang)):
            lines.insert(0, Line(warning))
        rows = [[_cell(book, value) for value in row] for row in written[key]]
        said = text(f"{key}_title", lang)
        book.sheet(text(f"sheet_{key}", lang), said, lines, heads[key], rows, f"{key}_table")


def note_numbers(contents: Contents, statistic: Statistic) -> str:
    """Return the numbers of the notes that a table of this statistic needs, as ranges."""
    lang = contents.lang
    part = next(part for part in contents.parts if part.statistic is statistic)
    counts = {
        statistic.code: len(_own_notes(contents, part, lang)),
        "G": len(_general_notes(lang)),
    }
    return ", ".join(
        text("notes_range", lang, first=f"{name}-1", last=f"{name}-{count}")
        for name, count in counts.items()
    )


def signs_mean(statuses: Iterable[str], lang: str) -> str:
    """Return the legend of the signs of these statuses."""
    return joined(
        (
            text("sign_means", lang, sign=SIGNS[status], meaning=text(f"status_{status}", lang))
            for status in statuses
        ),
        lang,
    )


def _contents(lang: str) -> str:
    return text("sheet_contents", lang)


def _heads(lang: str, **widths: int) -> list[Head]:
    return [Head(text(f"head_{key}", lang), width) for key, width in widths.items()]


def _cell(book: Book, value: object) -> tuple[object, object]:
    return value, book.number("#,##0") if isinstance(value, int) else book.wrapped


def commission_rows(contents: Contents, lang: str) -> list[tuple[str, str]]:
    """Return (what, said) of the request that a package answers, the loudest first."""
    request = contents.commission
    if request is None:
        return []
    said = []
    if request.override is not None:
        said.append(("cover_override", override_line(contents, lang)))
    said += [
        (
            "cover_request",
            text("request_line", lang, id=request.request_id, version=request.version),
        ),
        ("cover_requester", request.requester),
        ("cover_legal_basis", request.legal_basis),
        ("cover_wording", request.wording),
        ("cover_received", day(request.received_on, lang)),
        ("cover_due", day(request.due_on, lang)),
    ]
    if corrected := request.correction:
        line = text("corrects_line", lang, id=corrected.request_id, on=corrected.delivered_on)
        cause = text(f"correction_{corrected.cause}", lang)
        said += [
            ("cover_corrects", line),
            ("cover_cause", cause),
            ("cover_correction", corrected.reason),
        ]
    said += [("cover_withdrawn", line) for line in withdrawn_lines(contents, lang)]
    if request.replaces:
        said.append(("cover_replaces", text("replaces_line", lang, sha256=request.replaces)))
    if request.previous:
        said.append(("cover_previous", text("previous_line", lang, sha256=request.previous)))
    return [(text(key, lang), value) for key, value in said]


def override_line(contents: Contents, lang: str) -> str:
    """Say that nobody but the producer checked a package; empty when somebody did."""
    request = contents.commission
    if request is None or request.override is None:
        return ""
    return text("override_line", lang, by=request.override.by, reason=request.override.reason)


def _cover(contents: Contents, lang: str) -> list[tuple[str, str]]:
    return commission_rows(contents, lang) + _about(contents, lang)


def _about(contents: Contents, lang: str) -> list[tuple[str, str]]:
    rows = [("cover_fund", text("fund", lang))]
    for part in contents.parts:
        statistic = part.statistic
        rows.append(("cover_statistics", f"{statistic.code} {statistic.title(lang)}"))
    rows += [
        ("cover_recipient", contents.profile.label(lang)),
        ("cover_period", words(contents.period.text, lang)),
    ]
    for part in contents.parts:
        listed = words_of(part.ref_periods, lang)
        rows.append(("cover_ref_periods", _labelled(part, listed, lang)))
    for part in contents.parts:
        said = ", ".join(basis(c, lang) for c in part.statistic.count_bases(part.ref_periods))
        rows.append(("cover_count_basis", _labelled(part, said, lang)))
    for status in contents.shown_conf_statuses:
        rows.append(("cover_confidentiality", text_or(f"conf_{status}", lang, status)))
    for part in contents.parts:
        rows.append(("cover_hidden", hidden_line(part, lang)))
        lines = left_out_lines(part, contents.profile, lang) or [
            text("left_out_none", lang, code=part.statistic.code)
        ]
        rows += [("cover_left_out", said) for said in lines]
    rows += [
        ("cover_snapshot", day(contents.business_date, lang)),
        ("cover_release", contents.release_id),
        ("cover_produced", f"{moment(contents.built_at, lang)} UTC"),
        ("cover_code", contents.code_version),
    ]
    for part in contents.parts:
        version = part.statistic.definition_version
        rows.append(("cover_definitions", _labelled(part, version, lang)))
    return [(text(key, lang), said) for key, said in rows]


def _labelled(part: Part, said: str, lang: str) -> str:
    return text("labelled", lang, name=part.statistic.code, said=said)


def _notes(contents: Contents, lang: str) -> list[tuple[str, str, str]]:
    rows = [
        (f"G-{number}", text("note_about_all", lang), said)
        for number, said in enumerate(_general_notes(lang), start=1)
    ]
    for part in contents.parts:
        about = f"{part.statistic.code} {part.statistic.title(lang)}"
        rows += [
            (f"{part.statistic.code}-{number}", about, said)
            for number, said in enumerate(_own_notes(contents, part, lang), start=1)
        ]
    return rows


def _general_notes(lang: str) -> list[str]:
    """The legend of the signs first: each table names the signs that it uses."""
    legend = signs_mean((HIDDEN, NOT_APPLICABLE, NOT_AVAILABLE), lang)
    return [text("note_signs", lang, signs=legend)] + [
        text(f"note_{key}", lang) for key in _GENERAL
    ]


def _own_notes(contents: Contents, part: Part, lang: str) -> list[str]:
    statistic = part.statistic
    found = list(statistic.notes_nl if lang == "nl" else statistic.notes_fr)
    found.append(text("note_csv", lang, csv=part.csv_name))
    provisional = _provisional(contents, part)
    if provisional:
        found.append(text("note_provisional", lang, lists=provisional))
    not_additive = [m.label(lang) for m in statistic.measures if not m.additive]
    if not_additive:
        found.append(text("note_not_additive", lang, measures=", ".join(not_additive)))
    return found + left_out_lines(part, contents.profile, lang)


def _provisional(contents: Contents, part: Part) -> str:
    """Name the codes of the statistic that its lists mark as provisional."""
    found = []
    for list_name in dict.fromkeys(d.list_name for d in part.statistic.dimensions):
        codes = contents.codes[list_name].values()
        used = contents.used.get(list_name, ())
        marked = [c.code for c in codes if c.is_provisional and c.code in used]
        if marked:
            found.append(f"{list_name} ({', '.join(marked)})")
    return ", ".join(found)


def _definitions(contents: Contents, lang: str) -> list[Sequence[str]]:
    rows = []
    nothing = text("not_applicable", lang)
    for part in contents.parts:
        statistic = part.statistic
        code, count = statistic.code, len(statistic.notes_fr)
        see = (
            text("see_notes", lang, first=f"{code}-1", last=f"{code}-{count}") if count else nothing
        )
        said = statistic.definition_nl if lang == "nl" else statistic.definition_fr
        rows.append(
            (code, text("kind_statistic", lang), code, statistic.title(lang), nothing, said or see)
        )
        for kind, described in (
            ("measure", statistic.measures),
            ("dimension", statistic.dimensions),
        ):
            for one in described:
                said = one.definition_nl if lang == "nl" else one.definition_fr
                unit = unit_of(one.unit).label(lang) if kind == "measure" else nothing
                named = (one.name, one.label(lang), unit)
                rows.append((code, text(f"kind_{kind}", lang), *named, said or see))
    return rows


def _codes(contents: Contents, lang: str) -> list[Sequence[str]]:
    return [
        (
            list_name,
            code.code,
            code.label(lang),
            code.label(other(lang)),
            text("answer_yes" if code.is_provisional else "answer_no", lang),
        )
        for list_name, code in used_codes(contents)
    ]
