"""Promises and clocks: debts that prescribe and when, payment plans kept or broken.

Belongs here: the choice of office and agent, for both. Does not belong here: the two subjects
(sections).
"""

import streamlit as st

from dashboards import asof
from dashboards.sections import assigned, plans, prescriptions
from dashboards.source import Reading, current


def render(reading: Reading) -> None:
    """Draw the page."""
    if not asof.holds(reading, "mart_plans", "office_code"):
        return
    with st.container(border=True):
        scope = assigned.choose(reading, "deadlines")
    prescriptions.show(reading, scope)
    plans.show(reading, scope)


render(current())
