"""The same page for another release: a past business date, or a second one to compare with.

Belongs here: choosing a release for a page. Does not belong here: what is compared (the page).
"""

from dataclasses import replace

import streamlit as st

from dashboards.outside import Markdown
from dashboards.reference import freshness
from dashboards.source import Reading
from release.home import built_part
from release.reader import Release, standing


def choose(reading: Reading, key: str) -> Reading:
    """Return a reading of the release that is chosen, the current one to begin with."""
    releases = standing()
    if len(releases) < 2:
        return reading
    current = next((r for r in releases if r.id == reading.release.id), releases[0])
    chosen = _select(reading, key, reading.text("asof_release"), releases, current)
    return replace(reading, release=chosen, is_past=chosen.id != reading.release.id)


def tell(reading: Reading) -> None:
    """Say which truth a page with dates in the past shows: known then, or known today."""
    day = reading.language.day(reading.release.business_date)
    if reading.is_past:
        told = reading.text("asof_past", release=reading.release.id, date=day)
        st.caption(Markdown(":material/history: ") + told)
        return
    age = freshness(reading.release.business_date, reading.looked_on)
    if age.key != "fresh":
        late = reading.text("data_old", days=age.days, date=day)
        st.markdown(Markdown(":red-background[:material/error: ") + late + "]")
    st.caption(reading.text("asof_now", date=day))


def choose_framed(reading: Reading, key: str) -> Reading:
    """The same for a page whose only filter this is: no empty frame where there is no choice."""
    if len(standing()) > 1:
        with st.container(border=True):
            reading = choose(reading, key)
    tell(reading)
    return reading


def choose_other(reading: Reading, key: str) -> Reading | None:
    """Return a reading of a second release, or None: nothing is compared to begin with."""
    others = [r for r in standing() if r.id != reading.release.id]
    if not others:
        return None
    chosen = _select(reading, key, reading.text("asof_compare"), [None, *others], None)
    return replace(reading, release=chosen) if chosen else None


def holds(reading: Reading, table: str) -> bool:
    """Whether the release has a table of schema recovery that who looks may see; says so on the
    page when not."""
    if reading.holds("recovery", table):
        return True
    if reading.may_see("recovery", table):
        st.info(reading.text("asof_missing"), icon=":material/history_toggle_off:")
    else:
        st.caption(reading.text("access_part_not_yours"))
    return False


def _select(reading, key: str, label: str, options: list, default: Release | None):
    known = {option.id if option else "": option for option in options}
    if st.session_state.get(key) not in known:
        # A release may have been retired since this session chose it.
        st.session_state[key] = default.id if default else ""

    def written(name: str) -> str:
        release = known[name]
        if release is None:
            return reading.text("asof_none")
        day = reading.language.day(release.business_date)
        # The time of building tells two releases of one date apart; elsewhere it is noise.
        same = sum(1 for r in known.values() if r and r.business_date == release.business_date)
        return f"{day} ({built_part(name)})" if same > 1 else day

    return known[st.selectbox(label, list(known), format_func=written, key=key)]
