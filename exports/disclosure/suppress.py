"""Secondary suppression: from a request to the cheapest protected pattern that time allows.

Belongs here: the order of the steps (refusals, the fast way, the exact way, the attacker's last
word). Does not belong here: any of the steps. Nothing leaves here that the attacker can expose.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from exports.disclosure.attacker import Exposure, Findings, attack
from exports.disclosure.bound import cover_bound
from exports.disclosure.errors import ProtectionImpossible
from exports.disclosure.master import Master, Optimum
from exports.disclosure.pieces import Cut, Piece, Target, split
from exports.disclosure.repair import Repairer
from exports.disclosure.request import Request
from exports.disclosure.texts import number, say

# Larger pieces are not given to the exact way; a bound is computed for them instead.
EXACT_CELLS = 3000
# The exact way bounds smaller pieces by itself at once.
SMALL_CELLS = 150
# Shares of the time budget: for that bound, and for taking back what the fast way hid in vain.
BOUND_SHARE = 0.15
TAKE_BACK_SHARE = 0.25
# What the exact way leaves for the last attack.
LAST_SHARE = 0.05


@dataclass(frozen=True)
class Suppression:
    """A protected pattern (a mask of cells), the attacker's findings on it, and how good it is."""

    hidden: np.ndarray
    findings: Findings
    is_optimal: bool
    bound: int


@dataclass
class _State:
    """A piece with the best pattern known for it."""

    piece: Piece
    hidden: np.ndarray
    bound: int = 0
    is_optimal: bool = False
    tries: int = 0


def derived_hidden(request: Request, hidden: np.ndarray) -> frozenset[str]:
    """Derived values that go with a pattern: hidden as soon as one of their two cells is."""
    return request.suppressed_derived | {
        one.name
        for one in request.table.derived
        if hidden[one.numerator] or hidden[one.denominator]
    }


def suppress(request: Request, lang: str = "fr") -> Suppression:
    """Protect every unsafe cell.

    Raises:
        ProtectionImpossible: naming the cells and relations that make it so.
    """
    end = time.monotonic() + request.time_budget_s
    _refuse_published(request, lang)
    states = []
    impossible: list[str] = []
    for piece in split(request):
        state = _State(piece, piece.fixed.copy())
        if piece.size > SMALL_CELLS:
            state.bound = cover_bound(piece, time.monotonic() + BOUND_SHARE * request.time_budget_s)
        states.append(state)
        impossible += _protect(state, piece.targets, lang)
    if impossible:
        raise ProtectionImpossible(list(dict.fromkeys(impossible)))
    findings = _until_attacker_agrees(request, states, lang)
    cost_of_attack = 0.0
    small = [state for state in states if state.piece.size <= EXACT_CELLS]
    for state in small:
        latest = time.monotonic() + max(1.0, TAKE_BACK_SHARE * request.time_budget_s)
        Repairer(state.piece).take_back(state.hidden, latest, 20_000)
    end -= LAST_SHARE * request.time_budget_s
    for round_ in range(50):
        open_states = [state for state in small if not state.is_optimal]
        if not open_states:
            break
        if time.monotonic() > end - cost_of_attack and round_:
            break
        for place, state in enumerate(open_states):
            left = end - cost_of_attack - time.monotonic()
            share = left / (len(open_states) - place) if place < len(open_states) - 1 else left
            _optimise(state, time.monotonic() + max(share, 0.0))
        start = time.monotonic()
        agreed = [state.is_optimal for state in open_states]
        findings = _until_attacker_agrees(request, states, lang)
        cost_of_attack = max(cost_of_attack, time.monotonic() - start)
        if agreed == [state.is_optimal for state in open_states]:
            # The attacker found nothing to add: what is not proven by now is out of time.
            break
    hidden = _whole_pattern(request, states)
    return Suppression(
        hidden,
        findings,
        all(state.is_optimal for state in states),
        sum(state.bound for state in states),
    )


def _count(state: _State) -> int:
    return int(state.hidden.sum() - state.piece.fixed.sum())


def _optimise(state: _State, deadline: float) -> None:
    found: Optimum = Master(state.piece, state.hidden, deadline).optimise()
    state.hidden = found.hidden
    state.bound = max(state.bound, found.bound)
    state.is_optimal = found.is_optimal


def _protect(state: _State, targets: list[Target], lang: str) -> list[str]:
    """The fast way for one piece; sentences on what cannot be protected."""
    piece = state.piece
    repairer = Repairer(piece)
    lost = repairer.protect(state.hidden, targets)
    sentences = [_impossible(repairer, target, lang) for target in lost]
    for number_ in repairer.join_groups(state.hidden):
        relation = piece.request.table.write_relation(number_)
        cells = [
            piece.request.table.names[part]
            for part in piece.request.table.relations[number_].parts
            if part in piece.request.unsafe
        ]
        sentences.append(say("no_group", lang, cells=", ".join(cells), relation=relation))
    return sentences


def _until_attacker_agrees(request: Request, states: list[_State], lang: str) -> Findings:
    """Attack; give what is exposed more room; again, until nothing is exposed.

    What the attacker finds and the suppressor's linear model did not see (insiders, whole numbers)
    becomes a target or a cut of its piece, so the exact way knows it too.
    """
    of_cell = {int(cell): state for state in states for cell in state.piece.cells}
    while True:
        hidden = _whole_pattern(request, states)
        findings = attack(request, hidden, derived_hidden(request, hidden))
        if not findings.exposed:
            return findings
        stuck: list[str] = []
        again: dict[int, list[Target]] = {}
        for exposure in findings.exposed:
            state = of_cell[exposure.cell]
            again.setdefault(id(state), []).extend(_learn(state, exposure))
        for state in states:
            if id(state) not in again:
                continue
            state.is_optimal = False
            before = state.hidden.copy()
            new = [target for target in again[id(state)] if target.banned]
            impossible = _protect(state, new, lang)
            if impossible:
                raise ProtectionImpossible(list(dict.fromkeys(impossible)))
            if (before == state.hidden).all():
                stuck += _widen(state, findings, lang)
        if stuck:
            raise ProtectionImpossible(list(dict.fromkeys(stuck)))


def _learn(state: _State, exposure: Exposure) -> list[Target]:
    """Turn an exposure into a target the piece did not have, or into a cut on this pattern."""
    piece = state.piece
    if exposure.who is not None:
        target = piece.target(exposure.cell, exposure.who.knows)
        if target.banned and target not in piece.targets:
            piece.targets.append(target)
            return [target]
    if exposure.kind == "group":
        return []
    published = np.flatnonzero(~state.hidden & ~piece.fixed)
    if len(published):
        piece.cuts.append(Cut(published, np.ones(len(published))))
    return []


def _widen(state: _State, findings: Findings, lang: str) -> list[str]:
    """Hide more beside what is exposed although the linear model sees no reason: cells that share
    a relation first, anything after that.
    """
    piece = state.piece
    mine = {int(cell): i for i, cell in enumerate(piece.cells)}
    exposed = [e for e in findings.exposed if e.cell in mine]
    rows = {row for e in exposed for row in piece.rows_of[mine[e.cell]].tolist()}
    published = np.flatnonzero(~state.hidden)
    if not len(published):
        return [_exposed_anyway(piece, exposure, lang) for exposure in exposed]
    near = [i for i in published if not rows.isdisjoint(piece.rows_of[i].tolist())]
    state.tries += 1
    choice = near or list(published)
    choice.sort(key=lambda i: (piece.weights[i], i))
    for i in choice[: 2**state.tries]:
        state.hidden[i] = True
    return []


def _whole_pattern(request: Request, states: list[_State]) -> np.ndarray:
    hidden = np.zeros(len(request.table), dtype=bool)
    hidden[sorted(request.unsafe.keys() | request.suppressed)] = True
    for state in states:
        hidden[state.piece.cells[state.hidden]] = True
    return hidden


# --- refusals ---------------------------------------------------------------------------------


def _refuse_published(request: Request, lang: str) -> None:
    table = request.table
    sentences = []
    for key, cells in (
        ("was_published", request.previous),
        ("is_forced", request.forced_published),
    ):
        for cell in sorted(request.unsafe.keys() & cells):
            why = request.why_unsafe(cell, lang)
            relations = relations_of(table, cell, lang)
            sentences.append(say(key, lang, cell=table.names[cell], why=why, relations=relations))
    if sentences:
        raise ProtectionImpossible(sentences)


def relations_of(table, cell: int, lang: str) -> str:
    """Relations of a cell, as the end of a sentence."""
    written = [table.write_relation(r) for r in table.relations_of[cell]]
    return " ; ".join(written) if written else say("no_relation", lang)


def _impossible(repairer: Repairer, target: Target, lang: str) -> str:
    piece = repairer.piece
    cell = int(piece.cells[target.cell])
    value = float(piece.request.table.values[cell])
    low = value - repairer.furthest(target, -1)
    high = value + repairer.furthest(target, 1)
    return _cannot(piece.request, cell, low, high, lang, bool(target.banned))


def _exposed_anyway(piece: Piece, exposure: Exposure, lang: str) -> str:
    return _cannot(
        piece.request, exposure.cell, exposure.low, exposure.high, lang, exposure.who is not None
    )


def _cannot(request: Request, cell: int, low: float, high: float, lang: str, inside: bool) -> str:
    table = request.table
    return say(
        "impossible_inside" if inside else "impossible",
        lang,
        cell=table.names[cell],
        low=number(low),
        high="∞" if high >= min(1e20, np.inf) else number(high),
        needs=request.unsafe[cell].in_words(lang),
        relations=relations_of(table, cell, lang),
    )
