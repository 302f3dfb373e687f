"""Which release the pages show: the current one, or one of the past, for all pages at once; a
second one to compare with.

Belongs here: choosing a release. Does not belong here: what is compared (the page), the frame
around the choice (frame).
"""

from collections import Counter
from dataclasses import replace

import streamlit as st

from dashboards import address, filters, sheet
from dashboards.reference import freshness
from dashboards.source import Reading
from release.home import built_part
from release.reader import Release, standing

#: The choice of all pages, in the session and in the address.
KEY = "release"
_CURRENT = "vigie_release_current"


def choose(reading: Reading) -> Reading:
    """Return a reading of the release that is chosen for all pages; the current one to begin with,
    and again when the chosen one is retired."""
    releases = {release.id: release for release in standing()}
    releases.setdefault(reading.release.id, reading.release)
    address.take(KEY, address.one_of(releases))
    if len(releases) < 2:
        return reading
    names = _written(reading, list(releases.values()))
    usual = reading.release.id
    # Who looks at the current release goes on with the next one; a release of the past stays.
    if st.session_state.get(KEY) not in releases.keys() - {st.session_state.get(_CURRENT)}:
        st.session_state[KEY] = usual
    st.session_state[_CURRENT] = usual
    chosen = st.selectbox(
        reading.text("asof_release"),
        list(names),
        format_func=lambda one: names.get(one, one),
        key=KEY,
        label_visibility="collapsed",
        help=reading.text("asof_release"),
        width=190,
    )
    address.write(KEY, chosen, usual)
    return replace(reading.of_release(releases[chosen]), is_past=chosen != usual)


def tell(reading: Reading) -> None:
    """Say which truth the pages show: known then, or known today."""
    day = reading.language.day(reading.release.business_date)
    if reading.is_past:
        told = reading.text("asof_past", release=reading.release.id, date=day)
        sheet.note(told, icon=":material/history:")
        if reading.is_coarse:
            sheet.note(reading.text("asof_coarse"))
        return
    age = freshness(reading.release.business_date, reading.looked_on)
    if age.key != "fresh":
        sheet.alert(reading.text("data_old", days=age.days, date=day))
    sheet.note(reading.text("asof_now", date=day))


def choose_other(reading: Reading, key: str) -> Reading | None:
    """Return a reading of a second release, or None: nothing is compared to begin with."""
    others = {r.id: r for r in standing() if r.id != reading.release.id}
    if not others:
        return None
    names = {"": reading.text("asof_none")} | _written(reading, list(others.values()))
    chosen = filters.one_of(key, reading.text("asof_compare"), list(names), names)
    return reading.of_release(others[chosen]) if chosen else None


def holds(reading: Reading, table: str, column: str = "", schema: str = "recovery") -> bool:
    """Whether the release has a table that who looks may see, and a column that it did not always
    have; says so on the page when not."""
    if not reading.may_see(schema, table):
        sheet.note(reading.text("access_part_not_yours"))
        return False
    if reading.holds(schema, table) and (not column or reading.has(schema, table, column)):
        return True
    sheet.info(reading.text("asof_missing"), icon=":material/history_toggle_off:")
    return False


def _written(reading: Reading, releases: list[Release]) -> dict[str, str]:
    """The name of each release: the date it is as of, and where several share one also the time
    at which it was built."""
    of_date = Counter(release.business_date for release in releases)

    def written(release: Release) -> str:
        day = reading.language.day(release.business_date)
        same = of_date[release.business_date] > 1
        return f"{day} ({built_part(release.id)})" if same else day

    return {release.id: written(release) for release in releases}
