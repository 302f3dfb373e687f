"""The notebook of one account on a page: what it says, what can be written.

Belongs here: drawing it, and the moments at which something is written. Does not belong here: what
lines mean (notebook.standing, notebook.promises), which pages have it.
"""

import os
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pandas as pd
import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboards import clock, grids, queries, sheet, typed
from dashboards.desk import acting
from dashboards.figures import Column
from dashboards.formats import DAY, EUROS, MOMENT
from dashboards.notebook import entry as lines
from dashboards.notebook.entry import BadEntry, Entry
from dashboards.notebook.promises import judged
from dashboards.notebook.standing import Standing, standings
from dashboards.notebook.store import Notebook
from dashboards.outside import escaped
from dashboards.source import Reading
from exports.register.errors import BadRegister
from release.home import vigie_home

_SQL = queries.beside(__file__)


def all_standings(reading: Reading) -> dict[str, Standing]:
    """Return what the notebook says of every account that stands in it; nothing, and the reason
    told, where it does not open."""
    return standings(_read(reading, lambda book: book.entries()) or ())


def resting(reading: Reading, known: dict[str, Standing]) -> list[str]:
    """Return the accounts that the notebook lets rest today: the list leaves them out, figures
    never."""
    if not known:
        return []
    listed = reading.query(_SQL["listed"], accounts=list(known))
    return [
        account
        for account, about in zip(listed["account_id"], listed["about"], strict=True)
        if known[account].rests(about, reading.looked_on)
    ]


def show(reading: Reading, account: str, about: str = "") -> None:
    """Draw the notebook of an account. `about`: why the worklist has it ("reason|next_action")."""
    sheet.heading(reading.text("notebook"), 3)
    sheet.note(reading.text("notebook_intro"))
    entries = _read(reading, lambda book: book.entries([account]))
    if entries is None:
        return
    standing = standings(entries).get(account, Standing(account))
    _told(reading, standing)
    _actions(reading, standing, about)
    _history(reading, standing)


def _told(reading: Reading, standing: Standing) -> None:
    language = reading.language
    if not standing.entries:
        sheet.paragraph(reading.text("notebook_none"))
    for part in ("taken", "done", "snoozed"):
        entry = getattr(standing, part)
        if entry is not None:
            until = language.day(entry.until) if entry.until else ""
            at = language.moment(entry.at)
            told = reading.text(f"notebook_{part}", who=entry.author, at=at, until=until)
            sheet.paragraph(told)
    if standing.promise is not None:
        found = judged(reading, [standing.promise])[standing.account_id]
        sheet.paragraph(
            reading.text(
                f"notebook_promise_{found.state}",
                amount=language.euros(found.entry.amount),
                until=language.day(found.entry.until),
                paid=language.euros(found.paid),
            )
        )


def _actions(reading: Reading, standing: Standing, about: str) -> None:
    """What can be written, in one line: each action beside its way back."""
    author, account = acting.who(reading), standing.account_id

    def write(action: str, **said: object) -> None:
        entry = Entry(0, clock.now(), author, account, action, **said)
        if _read(reading, lambda book: book.add(entry)) is not None:
            st.rerun()

    def button(key: str, action: str, **said: object) -> None:
        if st.button(reading.text(key), key=f"notebook_{action}"):
            write(action, **said)

    with st.container(horizontal=True, gap="small"):
        if standing.taken:
            button("notebook_release", lines.RELEASE)
        else:
            button("notebook_take", lines.TAKE)
        if standing.done and standing.done.about == about:
            button("notebook_reopen", lines.REOPEN)
        elif about:
            button("notebook_finish", lines.DONE, about=about)
        if standing.snoozed and standing.snoozed.until >= clock.today():
            button("notebook_wake", lines.WAKE)
        else:
            _asked(reading, "notebook_wait", lambda: _until(reading, "wait"), lines.SNOOZE, write)
        _asked(reading, "notebook_write", lambda: _note(reading), lines.NOTE, write)
        if standing.promise:
            button("notebook_withdraw", lines.WITHDRAW)
        else:
            _asked(reading, "notebook_promised", lambda: _promise(reading), lines.PROMISE, write)


def _asked(
    reading: Reading, key: str, fields: Callable[[], dict], action: str, write: Callable
) -> None:
    """An action that asks for something first."""
    with st.popover(reading.text(key)), st.form(f"{key}_form", border=False):
        said = fields()
        if st.form_submit_button(reading.text("notebook_save")):
            write(action, **said)


def _until(reading: Reading, key: str) -> dict[str, date]:
    day = st.date_input(
        reading.text("notebook_until"), None, format="DD/MM/YYYY", key=f"notebook_until_{key}"
    )
    return {"until": day}


def _note(reading: Reading) -> dict[str, str]:
    return {"note": st.text_area(reading.text("notebook_note"), max_chars=lines.LONGEST_NOTE)}


def _promise(reading: Reading) -> dict[str, object]:
    asked = st.text_input(reading.text("notebook_amount"), placeholder="120,50")
    return _until(reading, "promise") | {"amount": _amount(asked)}


def _amount(asked: str) -> Decimal | None:
    """What was typed as an amount; -1, which no promise may be, where it is none."""
    text = typed.number(asked.strip())
    if not text:
        return None
    return Decimal(text) if text.replace(".", "", 1).isdecimal() else Decimal(-1)


def _history(reading: Reading, standing: Standing) -> None:
    if not standing.entries:
        return
    text = reading.text
    rows = pd.DataFrame(
        {
            "at": [entry.at for entry in standing.entries],
            "author": [entry.author for entry in standing.entries],
            "action": [str(text(f"notebook_did_{entry.action}")) for entry in standing.entries],
            "until": [entry.until for entry in standing.entries],
            "amount": [entry.amount for entry in standing.entries],
            "note": [entry.note for entry in standing.entries],
        }
    )
    columns = [
        Column("at", text("notebook_at"), format=MOMENT),
        Column("author", text("notebook_author")),
        Column("action", text("notebook_action")),
        Column("until", text("notebook_until"), format=DAY),
        Column("amount", text("notebook_amount"), format=EUROS),
        Column("note", text("notebook_note"), wide=True),
    ]
    grids.show_table(reading, "notebook", rows.iloc[::-1], columns)


def _read(reading: Reading, look: Callable[[Notebook], object]) -> object | None:
    """Open the notebook and look or write; None, with the reason told, where that fails."""
    try:
        return look(Notebook(vigie_home(), os.environ.get("VIGIE_NOTEBOOK")))
    except BadEntry as error:
        sheet.warning(reading.text(str(error)))
    except (BadRegister, SQLAlchemyError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        sheet.warning(reading.text("notebook_unopened", reason=escaped(reason)))
    return None
