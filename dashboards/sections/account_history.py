"""The history of one account: what it owed day after day, and everything that happened to it.

Belongs here: the two charts along time. Does not belong here: queries (account.sql), tables.
"""

import pandas as pd

from dashboards import charges, charts_curves, charts_marks, exhibits, sheet
from dashboards.figures import Column
from dashboards.formats import DAY, EUROS
from dashboards.source import Reading
from release import references

Data = dict[str, pd.DataFrame]
_OWED = (("contribution", "fct_charges"), ("contribution", "fct_allocations"))
_EVENTS = (
    *_OWED,
    ("recovery", "fct_steps"),
    ("recovery", "fct_instalments"),
    ("recovery", "mart_prescription"),
)
_LANES = ("charges", "payments", "credits", "steps", "plan", "clocks")


def show(reading: Reading, data: Data) -> None:
    """Draw what was owed over time, then the events."""
    sheet.heading(reading.text("account_history"), level=3)
    events = _events(reading, data)
    if events.empty:
        sheet.info(reading.text("account_nothing"))
        return
    today = pd.Timestamp(reading.release.business_date)
    owed = _owed_over_time(data, today)
    if len(owed):
        _owed(reading, owed)
    _timeline(reading, events, today)


def _owed(reading: Reading, owed: pd.DataFrame) -> None:
    language, name = reading.language, reading.text("account_owed")
    peak = owed.loc[owed["amount"].idxmax()]
    sentence = reading.text(
        "account_owed_sentence",
        peak=language.euros(peak["amount"], 0),
        date=language.day(peak["day"]),
        now=language.euros(owed["amount"].iloc[-1], 0),
    )
    chart = charts_curves.amount_over_time(owed, x="day", y="amount", y_title=name)
    meaning, defined = reading.text("account_owed_help"), _references(reading, *_OWED)
    columns = [
        Column("day", reading.text("account_day"), "", DAY),
        Column("amount", name, meaning, EUROS, reference=defined),
    ]
    exhibits.show(reading, "account_owed", chart, sentence, owed.iloc[::-1], columns)


def _timeline(reading: Reading, events: pd.DataFrame, today: pd.Timestamp) -> None:
    language = reading.language
    lanes = [name for name in _lanes(reading).values() if name in set(events["lane"])]
    largest = events["amount"].abs().max() or 1
    events["_size"] = (events["amount"].abs() / largest).fillna(0)
    chart = charts_marks.timeline(
        events, day="day", lane="lane", lanes=lanes, what="what", amount="written", today=today
    )
    sentence = reading.text(
        "account_timeline_sentence",
        first=language.day(events["day"].min()),
        events=language.number(len(events)),
    )
    columns = [
        Column("day", reading.text("account_day"), "", DAY),
        Column("lane", reading.text("account_kind")),
        Column("what", reading.text("account_what"), reference=_references(reading, *_EVENTS)),
        Column("amount", reading.text("amount_axis"), "", EUROS),
    ]
    latest = events.sort_values("day", ascending=False)
    exhibits.show(reading, "account_timeline", chart, sentence, latest, columns)


def _references(reading: Reading, *tables: tuple[str, str]) -> str:
    """What defines figures that the page makes of several tables."""
    return references.joined(reading.entry(*table).reference for table in tables)


def _lanes(reading: Reading) -> dict[str, str]:
    return {lane: reading.text(f"account_lane_{lane}") for lane in _LANES}


def _events(reading: Reading, data: Data) -> pd.DataFrame:
    """Everything with a date, on its lane: what happened, and the clocks that run."""
    lanes, found = _lanes(reading), []

    def add(lane: str, days, whats, amounts=None) -> None:
        amounts = [float("nan")] * len(days) if amounts is None else amounts
        for day, what, amount in zip(days, whats, amounts, strict=True):
            if day is not None and day == day:
                found.append((pd.Timestamp(day), lanes[lane], what, amount))

    rows = data["charges"]
    add("charges", rows["due_date"], charges.in_words(reading, rows), rows["net_amount"])
    money = data["allocations"].assign(charge=charges.in_words(reading, data["allocations"]))
    credits = money.groupby(["value_date", "credit_type", "credit_id"], as_index=False).agg(
        amount=("allocated_amount", "sum"), covers=("charge", lambda names: " · ".join(names))
    )
    kinds = reading.labels("credit_type")
    credits["what"] = [
        f"{kinds.get(one.credit_type, one.credit_type)} → {one.covers}"
        for one in credits.itertuples()
    ]
    is_payment = credits["credit_type"] == "payment"
    for lane, part in (("payments", credits[is_payment]), ("credits", credits[~is_payment])):
        add(lane, part["value_date"], part["what"], part["amount"])
    rows = data["steps"]
    steps = reading.named("stage", rows["step_type"])
    add("steps", rows["step_date"], steps, rows["claimed_amount"])
    rows = data["instalments"]
    add("plan", rows["due_date"], _judged(reading, rows["is_kept"]), rows["instalment_amount"])
    rows = data["clocks"]
    lapses = [reading.text("account_prescribes")] * len(rows)
    add("clocks", rows["prescription_date"], lapses, rows["outstanding_amount"])
    rows = data["deadlines"]
    add("clocks", rows["opened_date"], reading.named("insolvency_kind", rows["insolvency_kind"]))
    last = [reading.text("account_claim_deadline")] * len(rows)
    add("clocks", rows["claim_deadline_date"], last)
    events = pd.DataFrame(found, columns=["day", "lane", "what", "amount"])
    events["written"] = events["amount"].map(reading.language.euros)
    return events


def _judged(reading: Reading, is_kept: pd.Series) -> list[str]:
    keys = {True: "account_kept", False: "account_missed"}
    return [
        reading.text("account_to_come" if pd.isna(kept) else keys[bool(kept)]) for kept in is_kept
    ]


def _owed_over_time(data: Data, today: pd.Timestamp) -> pd.DataFrame:
    """Outstanding on issued charges after each day on which it changed."""
    claims = data["charges"].set_index("charge_id")
    claimed = claims[["issue_date", "net_amount"]].set_axis(["day", "change"], axis=1)
    moves = data["allocations"]
    # Money that came before the notice counts when the charge appears.
    issued = moves["charge_id"].map(claims["issue_date"])
    days = pd.to_datetime(moves["value_date"]).combine(pd.to_datetime(issued), max)
    taken = pd.DataFrame({"day": days, "change": -moves["allocated_amount"]})
    every = pd.concat([claimed, taken])
    every["day"] = pd.to_datetime(every["day"])
    every = every[every["day"] <= today]
    daily = every.groupby("day", as_index=False)["change"].sum().sort_values("day")
    daily["amount"] = daily["change"].cumsum().round(2)
    if len(daily) and daily["day"].iloc[-1] < today:
        last = pd.DataFrame({"day": [today], "amount": [daily["amount"].iloc[-1]]})
        daily = pd.concat([daily, last], ignore_index=True)
    return daily[["day", "amount"]]
