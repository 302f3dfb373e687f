"""Whose accounts: the office that manages them and the agent of their open case, as filters.

Belongs here: those two choices, for every list of recovery. Does not belong here: which offices a
person may see (access).
"""

import streamlit as st

from dashboards import filters, places, queries
from dashboards.figures import From
from dashboards.source import Reading

_MART = ("recovery", "mart_worklist")
_SQL = queries.beside(__file__)


def choose(reading: Reading, page: str) -> dict[str, list[str]]:
    """Return the chosen `offices` and `agents`; `none` stands for accounts without one."""
    mart = From(reading, *_MART)
    known = reading.query(_SQL["known"])
    none = {"none": reading.text("assigned_none")}
    offices = reading.labels("office") | none
    listed = reading.with_names(reading.query(_SQL["agents"]), agent_type="agent_type")
    listed["district"] = places.in_language(reading, listed["district"])
    agents = {
        one.agent_id: f"{one.agent_id} · {one.agent_type} · {one.district}"
        for one in listed.itertuples()
    } | none

    def several(name: str, column: str, names: dict[str, str]) -> list[str]:
        there = sorted(set(known[column]), key=lambda code: (code == "none", code))
        held = {code: names.get(code, code) for code in there}
        return filters.several(f"{page}_{name}", mart.label(column), held, reading.text("all"))

    left, right = st.columns(2, gap="medium")
    with left:
        chosen_offices = several("offices", "office_code", offices)
    with right:
        chosen_agents = several("agents", "agent_id", agents)
    return {"offices": chosen_offices, "agents": chosen_agents}
