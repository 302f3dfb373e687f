"""The note itself: a PDF that a screen reader can read too (PDF/UA-1), the same bytes for the same
package.

Belongs here: which facts stand in which section. Does not belong here: their layout (note.typ),
their wording (texts.yaml).
"""

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import typst

from exports.days import day
from exports.note.changes import Change, Comparison, compare
from exports.note.coherence import Agreement, agreements
from exports.package import Contents, Part, file_names
from exports.periods import words, words_of
from exports.signs import HIDDEN, NOT_APPLICABLE, NOT_AVAILABLE
from exports.texts import basis, joined, text, text_or
from exports.units import places, unit_of
from exports.writers.csv import known_code
from exports.writers.front import commission_rows, override_line, signs_mean
from exports.writers.words import hidden_line, left_out_lines, unit_label

_TEMPLATE = Path(__file__).parent / "note.typ"
_STANDARD = "ua-1"
_DASH = "–"


def write_note(path: Path, contents: Contents, cursor, earlier: Sequence[Path] = ()) -> None:
    """Write the note of a package to `path`; `earlier` are folders of packages given before."""
    pdf = typst.compile(
        _TEMPLATE,
        format="pdf",
        sys_inputs={"said": json.dumps(facts(contents, cursor, earlier), ensure_ascii=False)},
        pdf_standards=[_STANDARD],
        # Only the fonts that come with it: the same page on every machine.
        ignore_system_fonts=True,
    )
    path.write_bytes(pdf)


def facts(contents: Contents, cursor, earlier: Sequence[Path] = ()) -> dict:
    """Return all that the note says, in the language of the package."""
    lang, built = contents.lang, contents.built_at
    period = words(contents.period.text, lang)
    codes = ", ".join(part.statistic.code for part in contents.parts)
    title = text("letter_title", lang, codes=codes, period=period)
    sections = [
        ("asked", _asked(contents)),
        ("meaning", [piece for part in contents.parts for piece in _meaning(part, lang)]),
        ("hidden", _hidden(contents)),
        ("coherence", _coherence(contents, cursor)),
        ("changes", _changes(contents, cursor, earlier)),
    ]
    return {
        "lang": lang,
        "title": title,
        "subtitle": text("fund", lang),
        "author": text("fund", lang),
        "description": text("letter_description", lang, title=title),
        # Before anything else on the first page.
        "warning": override_line(contents, lang),
        "footer": f"{contents.asked}, {contents.release_id}",
        "year": built.year,
        "month": built.month,
        "day": built.day,
        "sections": [
            {"title": text(f"letter_{key}", lang), "pieces": pieces} for key, pieces in sections
        ],
    }


def _text(said: str) -> dict:
    return {"kind": "text", "said": said}


def _list(items: Sequence[str]) -> dict:
    return {"kind": "list", "items": list(items)}


def _heading(said: str) -> dict:
    return {"kind": "heading", "said": said}


def _table(
    head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], right=()
) -> dict:
    return {
        "kind": "table",
        "head": list(head),
        "rows": [list(row) for row in rows],
        "widths": list(widths),
        "right": list(right),
    }


def _asked(contents: Contents) -> list[dict]:
    lang = contents.lang
    named = joined((f"{p.statistic.code} {p.statistic.title(lang)}" for p in contents.parts), lang)
    rows = [
        *commission_rows(contents, lang),
        (text("cover_statistics", lang), named),
        (text("cover_recipient", lang), contents.profile.label(lang)),
        (text("cover_period", lang), words(contents.period.text, lang)),
        (text("cover_snapshot", lang), day(contents.business_date, lang)),
        (text("cover_release", lang), contents.release_id),
    ]
    head = (text("head_item", lang), text("head_content", lang))
    files = [
        (text(f"letter_files_{kind}", lang), ", ".join(names))
        for kind, names in file_names(contents).items()
    ]
    return [
        _table(head, rows, (3, 8)),
        _heading(text("letter_files", lang)),
        _table((text("head_kind", lang), text("letter_head_files", lang)), files, (3, 8)),
    ]


def _meaning(part: Part, lang: str) -> list[dict]:
    """Population, dates, measures: what the statistic itself declares."""
    statistic = part.statistic
    dates = words_of(part.ref_periods, lang)
    said = ", ".join(basis(code, lang) for code in statistic.count_bases(part.ref_periods))
    contributor = text_or(f"contributor_{statistic.contributor}", lang, "")
    counted = [
        text("letter_dates", lang, dates=dates),
        text("letter_basis", lang, basis=said),
    ]
    if contributor:
        counted.append(text("letter_contributor", lang, contributor=contributor))
    named = []
    for measure in statistic.measures:
        definition = measure.definition_nl if lang == "nl" else measure.definition_fr
        label = unit_label(measure, lang)
        if definition:
            # A line of its own: a definition may hold the sign that stands between names.
            counted.append(text("labelled", lang, name=label, said=definition))
        else:
            named.append(label)
    if named:
        counted.append(text("letter_measures", lang, measures=joined(named, lang)))
    definition = statistic.definition_nl if lang == "nl" else statistic.definition_fr
    notes = statistic.notes_nl if lang == "nl" else statistic.notes_fr
    items = [*([definition] if definition else []), *counted, *notes]
    return [_heading(f"{statistic.code} {statistic.title(lang)}"), _list(items)]


def _hidden(contents: Contents) -> list[dict]:
    lang = contents.lang
    pieces = []
    hidden = [part for part in contents.parts if part.hidden or part.left_out]
    if not contents.profile.protects:
        pieces.append(_text(text("letter_no_rule", lang, profile=contents.profile.label(lang))))
    elif not hidden:
        pieces.append(_text(text("letter_nothing_hidden", lang)))
    else:
        pieces.append(_text(text("letter_why_hidden", lang)))
    for part in hidden:
        items = [hidden_line(part, lang)]
        items += [
            text(
                "letter_reason",
                lang,
                reason=text_or(reason, lang, text_or(f"reason_{reason}", lang, reason)),
                cells=cells,
            )
            for reason, cells in part.hidden.items()
            if reason
        ]
        pieces.append(_list([*items, *left_out_lines(part, contents.profile, lang)]))
    signs = signs_mean((HIDDEN, NOT_APPLICABLE, NOT_AVAILABLE), lang)
    pieces.append(_text(text("letter_signs", lang, signs=signs)))
    shown = contents.shown_conf_statuses
    said = joined((text_or(f"conf_{status}", lang, status) for status in shown), lang)
    pieces.append(_text(text("letter_confidentiality", lang, said=said)))
    return pieces


def _coherence(contents: Contents, cursor) -> list[dict]:
    lang = contents.lang
    passed, warned = contents.checks
    said = [text("letter_checks", lang, passed=passed, warned=warned)]
    rows = []
    for one in agreements(cursor, contents):
        said.append(one.said)
        rows += [_agreement(one, contents)] if one.values else []
    items = [_list(said)]
    if rows:
        head = [text(f"letter_head_{key}", lang) for key in ("compared", "values", "result")]
        items.append(_table(head, rows, (5, 5, 2)))
    return items


def _agreement(one: Agreement, contents: Contents) -> tuple[str, str, str]:
    lang = contents.lang
    shown = joined(
        (
            f"{code} ({words(ref_period, lang)}) {_number(value, one.places, lang)}"
            for code, ref_period, value in one.values
        ),
        lang,
    )
    agree = len({value for _, _, value in one.values}) == 1
    return one.title, shown, text("letter_agree" if agree else "letter_differ", lang)


def _changes(contents: Contents, cursor, earlier: Sequence[Path]) -> list[dict]:
    lang = contents.lang
    pieces = []
    for part in contents.parts:
        for comparison in compare(cursor, part, contents, earlier):
            pieces += _comparison(part, comparison, contents)
    if not pieces:
        # The same words whatever others were given: a note does not say what they hold.
        return [_text(text("letter_no_earlier", lang))]
    return pieces


def _comparison(part: Part, one: Comparison, contents: Contents) -> list[dict]:
    lang, statistic = contents.lang, part.statistic
    period, before = words(one.ref_period, lang), words(one.before_period, lang)
    titled = text(
        "letter_revision" if one.is_revision else "letter_evolution",
        lang,
        code=statistic.code,
        period=period,
        before=before,
        release=one.earlier.release_id,
    )
    pieces = [_heading(titled)]
    if one.is_revision:
        key = "letter_changed" if one.changed else "letter_unchanged"
        said = text(key, lang, compared=one.compared, changed=one.changed)
        dates = {"before": one.earlier.business_date, "after": contents.business_date}
        cause = "letter_late" if dates["before"] != dates["after"] else "letter_same_date"
        pieces.append(_text(f"{said} {text(cause, lang, **dates)}" if one.changed else said))
    if not one.same_definitions:
        pieces.append(_text(text("letter_definitions_changed", lang)))
    # Of a correction its cells: the totals may well be as they were.
    shown = one.moved if one.is_revision else [*one.totals, *one.drivers]
    if shown and (one.changed or not one.is_revision):
        head = [text(f"letter_head_{key}", lang) for key in ("cell", "before", "after", "change")]
        rows = [_change(part, change, contents) for change in shown]
        pieces.append(_table([*head, "%"], rows, (6, 3, 3, 3, 2), right=(1, 2, 3, 4)))
        if one.changed > len(shown) > 0 and one.is_revision:
            pieces.append(_text(text("letter_most_changed", lang, shown=len(shown))))
        if one.drivers:
            named = ", ".join(_named(part, driver, contents) for driver in one.drivers[:2])
            measure = next(m for m in statistic.measures if m.name == one.explained)
            said = text("letter_drivers", lang, measure=measure.label(lang), named=named)
            pieces.append(_text(said))
    return pieces


def _change(part: Part, change: Change, contents: Contents) -> tuple[str, ...]:
    lang = contents.lang
    measure = next(m for m in part.statistic.measures if m.name == change.measure)
    kept = places(measure.unit, measure.decimals)
    digits = 2 if kept is None else kept
    ratio = unit_of(measure.unit).kind == "ratio"
    share = _DASH
    if change.before and not ratio:
        share = _number(100 * change.difference / abs(change.before), 1, lang, signed=True)
    return (
        f"{unit_label(measure, lang)}, {_named(part, change, contents)}",
        _number(change.before, digits, lang),
        _number(change.after, digits, lang),
        _number(change.difference, digits, lang, signed=True),
        share,
    )


def _named(part: Part, change: Change, contents: Contents) -> str:
    """Return the labels of a cell; what stands at its total is not said."""
    lang = contents.lang
    labels = [
        known_code(contents, part.statistic.dimension(name).list_name, code).label(lang)
        for name, code in change.codes.items()
    ]
    return ", ".join(labels) or text("total", lang)


def _number(value: Decimal, digits: int, lang: str, signed: bool = False) -> str:
    """Write a number as French and Dutch readers do: comma before decimals, groups of three."""
    written = f"{value:{'+' if signed else ''},.{digits}f}"
    group = "." if lang == "nl" else "\N{NO-BREAK SPACE}"
    return (
        written.replace(",", "\0")
        .replace(".", ",")
        .replace("\0", group)
        .replace("-", "\N{MINUS SIGN}")
    )
