"""The end of a run, for a person: loaded, rejected, reconciled, published, where to look.

Does not belong here: sentences about what went wrong (run.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.execute import Outcome
from orchestration.moments import number
from orchestration.texts import say
from release.reader import Release, open_release


def render(outcome: Outcome, seconds: float) -> str:
    """The summary, in the language of the run; figures come from the release that stands."""
    lang = outcome.settings.lang
    rows = [
        (say(lang, f"summary.{key}"), value)
        for key, value in (*_lines(outcome), ("duration", f"{number(lang, seconds)} s"))
    ]
    width = max(len(label) for label, _ in rows) + 2
    lines = [_title(outcome), "", *(f"  {label:<{width}}{value}" for label, value in rows)]
    return "\n".join(lines)


def _title(outcome: Outcome) -> str:
    lang = outcome.settings.lang
    if outcome.published is not None and outcome.as_of is not None:
        return say(lang, "summary.title.as_of", as_of=outcome.as_of, release_id=outcome.published)
    if outcome.published is not None:
        return say(lang, "summary.title.published", release_id=outcome.published)
    if outcome.release_stands:
        release = open_release(outcome.settings.home, outcome.as_of)
        return say(lang, "summary.title.current", release_id=release.id)
    return say(lang, "summary.title.nothing")


def _lines(outcome: Outcome) -> Iterator[tuple[str, str]]:
    lang = outcome.settings.lang
    if outcome.loaded is not None:
        yield "loaded", _loaded(outcome)
    for kind, stopped in (("refused", outcome.is_refused), ("held", outcome.is_held)):
        if stopped:
            yield (
                kind,
                say(
                    lang,
                    "summary.refused.value",
                    delivery_id=outcome.loaded[f"{kind}_delivery"],
                    waiting=", ".join(outcome.loaded["waiting"]) or say(lang, "status.nothing"),
                ),
            )
    if not outcome.release_stands:
        return
    release = open_release(outcome.settings.home, outcome.as_of)
    yield "rejected", _quarantine(lang, release)
    yield "reconciled", _reconciled(lang, release)
    about = release.about
    yield (
        "checks",
        say(
            lang,
            "summary.checks.value",
            passed=about["checks_passed"],
            warned=about["checks_warned"],
        ),
    )
    yield "release", say(lang, "summary.release.value", business_date=release.business_date)
    yield "files", str(release.path)
    for package in outcome.packages:
        yield "statistics", str(package)
    yield "next", say(lang, "summary.next.value")


def _loaded(outcome: Outcome) -> str:
    lang, loaded = outcome.settings.lang, outcome.loaded
    if not loaded["loaded"]:
        return say(lang, "summary.loaded.none", known=loaded["known"])
    return say(
        lang,
        "summary.loaded.value",
        deliveries=len(loaded["loaded"]),
        delivered=grouped(loaded["delivered"]),
        accepted=grouped(loaded["accepted"]),
        rejected=grouped(loaded["rejected"]),
    )


def _quarantine(lang: str, release: Release) -> str:
    held = (
        release.cursor()
        .execute(
            "select extract, count(*) from meta.quarantine where is_open "
            "group by all order by 2 desc, 1"
        )
        .fetchall()
    )
    if not held:
        return say(lang, "summary.rejected.none")
    return say(
        lang,
        "summary.rejected.value",
        open=grouped(sum(rows for _, rows in held)),
        extracts=", ".join(f"{name} {rows}" for name, rows in held),
    )


def _reconciled(lang: str, release: Release) -> str:
    equal, total, difference = (
        release.cursor()
        .execute(
            "select count(*) filter (difference = 0), count(*), coalesce(sum(abs(difference)), 0) "
            "from meta.reconciliation"
        )
        .fetchone()
    )
    return say(
        lang, "summary.reconciled.value", equal=equal, all=total, difference=grouped(difference)
    )


def grouped(number: object) -> str:
    """A number with thin groups of thousands, as French and Dutch readers write it."""
    return f"{number:,}".replace(",", " ").replace(".", ",")
