"""The end of a run, for a person: loaded, rejected, reconciled, published, where to look.

Does not belong here: sentences about what went wrong (run.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.run import Run
from orchestration.texts import say
from release.reader import Release, open_release


def render(run: Run, seconds: float) -> str:
    """The summary, in the language of the run; figures come from the release that stands."""
    lang = run.settings.lang
    rows = [
        (say(lang, f"summary.{key}"), value)
        for key, value in (*_lines(run), ("duration", f"{seconds:.1f} s"))
    ]
    width = max(len(label) for label, _ in rows) + 2
    lines = [_title(run), "", *(f"  {label:<{width}}{value}" for label, value in rows)]
    return "\n".join(lines)


def _title(run: Run) -> str:
    lang = run.settings.lang
    if run.published is not None and run.as_of is not None:
        return say(
            lang, "summary.title.as_of", as_of=run.as_of, release_id=run.published.release_id
        )
    if run.published is not None:
        return say(lang, "summary.title.published", release_id=run.published.release_id)
    if run.release_stands:
        return say(lang, "summary.title.current", release_id=run.decision.previous.id)
    return say(lang, "summary.title.nothing")


def _lines(run: Run) -> Iterator[tuple[str, str]]:
    lang = run.settings.lang
    if run.outcome is not None:
        yield "loaded", _loaded(run)
    if run.refusal is not None:
        waiting = [name for name in run.outcome.waiting if name != run.refusal.delivery_id]
        none = say(lang, "status.nothing")
        yield (
            "refused",
            say(
                lang,
                "summary.refused.value",
                delivery_id=run.refusal.delivery_id,
                waiting=", ".join(waiting) or none,
            ),
        )
    if not run.release_stands:
        return
    release = open_release(run.settings.home, run.as_of)
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
    kind = say(lang, f"summary.kind.{run.decision.kind}")
    yield (
        "release",
        say(lang, "summary.release.value", business_date=release.business_date, kind=kind),
    )
    yield "files", str(release.path)
    for package in run.packages:
        yield "statistics", str(package)
    yield "next", say(lang, "summary.next.value")


def _loaded(run: Run) -> str:
    lang = run.settings.lang
    receipts = run.outcome.loaded
    if not receipts:
        return say(lang, "summary.loaded.none", known=len(run.outcome.known))
    return say(
        lang,
        "summary.loaded.value",
        deliveries=len(receipts),
        delivered=grouped(sum(receipt.rows_delivered for receipt in receipts)),
        accepted=grouped(sum(receipt.rows_accepted for receipt in receipts)),
        rejected=grouped(sum(receipt.rows_rejected for receipt in receipts)),
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
