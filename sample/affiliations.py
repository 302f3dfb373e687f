"""Rows of affiliates and of their affiliation periods.

Belongs here: what the files show of persons and periods, and from when; which registrations were
late. Does not belong here: how a life goes (careers.py).
"""

from __future__ import annotations

import numpy as np

from .calendar import FAR, NULL_DATE, add_working_days
from .calibration import Context, pick
from .careers import (
    DEATH,
    END_REASONS,
    ORIGINS,
    VOLUNTARY,
    Careers,
)
from .frame import Codes, Frame
from .law import CATEGORIES, MAXI, MINI
from .people import LANGUAGES, OFFICES, SEXES, Municipalities, People

#: economic activity that goes with each profession code (NACE-BEL 2025)
NACE = {
    "0": ["01110", "01410", "01130", "81300", "01610"],
    "1": ["03110", "03220"],
    "2": ["41001", "43211", "43221", "43320", "43341", "10711", "47220", "95311", "18120", "32990"],
    "3": ["47110", "47710", "47890", "46190", "47910"],
    "4": ["56111", "55201", "46190", "66220", "68311"],
    "5": ["62200", "86210", "86230", "47730", "86940", "86951", "69101", "71111", "69201", "85599",
          "90110", "74300"],
    "6": ["96210", "96220", "49330", "49410"],
    "7": ["81210", "88910", "85510"],
    "9": ["70200", "96999"],
}  # fmt: skip


def affiliates_frame(ctx: Context, people: People, careers_: Careers, places: Municipalities,
                     index: int) -> Frame:  # fmt: skip
    """Extract `affiliates`, with moves of residence and deaths learned in the deltas."""
    rng = ctx.rng("affiliates", index)
    size = len(people)
    known = np.full(size, FAR, dtype=np.int64)
    np.minimum.at(known, careers_.person, careers_.registered)
    deceased = np.full(size, NULL_DATE, dtype=np.int64)
    died = (careers_.reason == DEATH) & (careers_.end_known <= ctx.last)
    deceased[careers_.person[died]] = careers_.end[died]
    words = list(ctx.profile["nationality"])
    frame = Frame(
        "affiliates",
        {
            "affiliate_id": people.number,
            "niss": people.niss,
            "sex": Codes(people.sex, SEXES),
            "birth_date": people.birth,
            "nationality": Codes(people.nationality, words),
            "language": Codes(people.language, LANGUAGES),
            "municipality_nis": Codes(people.municipality, places.codes),
            "office_code": Codes(people.office, OFFICES),
            "deceased_date": deceased.astype(np.int32),
        },
        np.minimum(known, FAR),
    )
    if ctx.deltas:
        living = np.flatnonzero((people.exit == NULL_DATE) & (people.municipality >= 0))
        moved = living[rng.random(len(living)) < 0.0004 * ctx.deltas]
        on = ctx.full + rng.integers(1, ctx.deltas + 1, len(moved))
        same_office = places.office
        before = np.array(
            [rng.choice(np.flatnonzero(same_office == people.office[row])) for row in moved],
            dtype=np.int32,
        )
        frame.hide("municipality_nis", on, before, moved)
    return frame


def affiliations_frame(ctx: Context, people: People, careers_: Careers, index: int) -> Frame:
    """Extract `affiliations`; ends appear on the day they became known."""
    rng = ctx.rng("affiliations", index)
    size = len(careers_.person)
    professions = list(ctx.profile["profession"])
    of_person = pick(rng, ctx.profile["profession"], len(people))
    profession = of_person[careers_.person]
    nace_words = sorted({code for codes in NACE.values() for code in codes})
    nace_of = []
    for code in professions:
        family = NACE[code[0]]
        nace_of.append(nace_words.index(family[(int(code[1:]) - 1) % len(family)]))
    nace = np.array(nace_of)[profession]
    nace = np.where(rng.random(len(people))[careers_.person] < 0.06, -1, nace)
    capacity = pick(rng, ctx.profile["capacity"], len(people))[careers_.person]
    spouse = np.isin(careers_.category, (MAXI, MINI))
    shown = careers_.end_known <= ctx.last
    frame = Frame(
        "affiliations",
        {
            "affiliation_id": (index + 1) * 1_000_000 + np.arange(size, dtype=np.int64),
            "affiliate_id": people.number[careers_.person],
            "category": Codes(careers_.category, CATEGORIES),
            "capacity": Codes(
                np.where(spouse, 2, capacity), ["self_employed", "helper", "assisting_spouse"]
            ),
            "start_date": careers_.start.astype(np.int32),
            "end_date": np.where(shown, careers_.end, NULL_DATE).astype(np.int32),
            "end_reason": Codes(np.where(shown, careers_.reason, -1), END_REASONS),
            "origin": Codes(careers_.origin, ORIGINS),
            "profession_code": Codes(profession, professions),
            "nace_code": Codes(nace, nace_words),
            "first_activity": careers_.first.astype(np.int8),
            "requested_date": careers_.requested.astype(np.int32),
            "registered_date": careers_.registered.astype(np.int32),
        },
        careers_.registered,
    )
    late = np.flatnonzero((careers_.end_known > ctx.full) & shown)
    frame.hide("end_date", careers_.end_known[late], NULL_DATE, late)
    frame.hide("end_reason", careers_.end_known[late], -1, late)
    return frame


def late_affiliations(ctx: Context, life: Careers) -> np.ndarray:
    """Voluntary affiliations registered after the ten working days."""
    able = (life.origin == VOLUNTARY) & (life.requested != NULL_DATE)
    able &= life.registered <= ctx.last
    limit = add_working_days(np.where(able, life.requested, ctx.start), 10)
    return np.flatnonzero(able & (life.registered > limit))
