"""Four eyes: what a vote is on, what nobody sees, what an office of one does; who is whom is in
test_register_people.py.
"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from exports.register import delivery, production, reception, review, upkeep
from exports.register.errors import (
    BadRequest,
    BlockedReview,
    ChangedPackage,
    DamagedRegister,
    ForbiddenMove,
    ForbiddenPerson,
    LostDelivery,
    SealedVotes,
)
from exports.register.event import canonical
from exports.register.folder import sha256_of
from exports.register.request import Definition, described
from orchestration.commands.request_view import line_of
from tests.unit.register.support import (
    actions,
    approved,
    arrival,
    delivered,
    desk_of,
    finding,
    other,
    reviewed,
)


def table(desk, number):
    return desk.package(desk.request(number)) / "table.csv"


def test_who_asked_for_the_review_may_check_it(home):
    desk = desk_of(home)
    number = reception.receive(desk, arrival()).id
    reception.define(desk, number)
    production.produce(desk, number)
    review.ask(other(desk, "Bart"), number)
    assert review.approve(other(desk, "Bart"), number).state == "approved"


def test_a_refusal_leads_back_and_asks_for_a_new_version(home):
    desk = desk_of(home)
    number = reviewed(desk)
    found = review.refuse(other(desk, "Bart"), number, "Le total de 2024 manque.")
    assert found.state == "produced"
    with pytest.raises(ForbiddenMove, match="refused"):
        review.ask(desk, number)
    found = production.produce(desk, number)
    assert (found.version.number, found.version.spent) == (2, "")
    review.ask(desk, number)
    assert review.approve(other(desk, "Bart"), number).state == "approved"


def test_two_checkers_are_blind_until_both_have_voted(home):
    desk = desk_of(home, checkers=2)
    number = reviewed(desk)
    bart, chloe = other(desk, "Bart"), other(desk, "Chloé")
    review.refuse(bart, number, "Total faux.")
    # Not even who gave it: a name is typed by whoever wants to.
    for viewer in (desk, bart, chloe, other(desk, "Somebody")):
        for found in (viewer.look(number), viewer.requests()[number]):
            seen = json.dumps(described(found), ensure_ascii=False)
            assert "Total faux" not in seen
            assert [one.verdict for one in found.round.votes] == [""]
            assert found.state == "under_review"
    with pytest.raises(ForbiddenPerson, match="voted"):
        review.approve(bart, number)
    # What is still waited for is told to whoever asks.
    assert line_of(bart.look(number), "en").endswith("version 1, verdicts: 1 of 2")
    found = review.approve(chloe, number, "Rien vu.")
    assert found.state == "produced"
    assert line_of(found, "en").endswith("version 1")
    votes = [(one.by, one.verdict, one.comment) for one in desk.look(number).round.votes]
    assert votes == [("Bart", "refuse", "Total faux."), ("Chloé", "approve", "Rien vu.")]


@pytest.fixture(scope="module")
def first_votes(tmp_path_factory):
    """The line of the first of two verdicts, as it stands in the database, for three of them."""
    lines = []
    for comment in (None, "Total faux.", "é" * 4000):
        desk = desk_of(tmp_path_factory.mktemp("sealed"), checkers=2)
        number, bart = reviewed(desk), other(desk, "Bart")
        if comment is None:
            review.approve(bart, number)
        else:
            review.refuse(bart, number, comment)
        lines.append((desk, number, desk.store.events()[-1]))
    return lines


def test_the_first_verdict_stands_nowhere_before_the_second(first_votes):
    for desk, _, line in first_votes:
        assert line.action == "vote"
        assert sorted(line.data) == ["commitment", "manifest", "sealed", "version"]
        for file in desk.home.rglob("*"):
            content = file.read_bytes() if file.is_file() else b""
            assert b"Total faux" not in content, file
            assert b'"verdict"' not in content, file


def test_neither_length_nor_commitment_tells_the_first_verdict(first_votes):
    lengths = {len(line.payload) for *_, line in first_votes}
    assert len(lengths) == 1
    _, number, line = first_votes[0]
    guesses = [
        sha256_of(canonical([number, "Bart", line.data["manifest"], verdict, ""]))
        for verdict in ("approve", "refuse")
    ]
    assert line.data["commitment"] not in guesses


def test_a_verdict_is_opened_to_what_was_sealed_and_nothing_else(home):
    desk = desk_of(home, checkers=2)
    number = reviewed(desk)
    review.refuse(other(desk, "Bart"), number, "Total faux.")
    review.approve(other(desk, "Chloé"), number)
    events = desk.store.events()
    decision = events[-1]
    told = decision.data
    assert told["opened"][0]["verdict"] == "refuse"
    told["opened"][0]["verdict"] = "approve"
    forged = replace(decision, payload=canonical(told))
    with pytest.raises(DamagedRegister):
        desk.folded([*events[:-1], forged])


@pytest.mark.parametrize("damage", ["gone", "other", "no key", "readable"])
def test_without_the_key_of_the_votes_nothing_is_decided_and_the_package_can_be_taken_back(
    home, damage
):
    desk = desk_of(home, checkers=2)
    number = reviewed(desk)
    review.approve(other(desk, "Bart"), number)
    key = home / "keys" / "votes.key"
    assert key.stat().st_mode & 0o777 == 0o600
    if damage == "gone":
        key.unlink()
    elif damage == "other":
        key.write_text("0" * 64)
    elif damage == "no key":
        key.write_text("abc")
    else:
        key.chmod(0o644)
    before = actions(desk)
    with pytest.raises(SealedVotes, match=r"votes\.key"):
        review.approve(other(desk, "Chloé"), number)
    assert actions(desk) == before
    found = review.recall(desk, number, "On recommence.")
    assert [one.verdict for one in found.round.votes] == [""]


@pytest.mark.parametrize("how", ["recall", "withdraw", "lapse"])
def test_a_review_that_is_broken_off_opens_what_was_said(home, how):
    desk = desk_of(home, checkers=2)
    number = reviewed(desk)
    review.refuse(other(desk, "Bart"), number, "Total faux.")
    if how == "recall":
        review.recall(desk, number, "Une faute.")
    elif how == "withdraw":
        reception.withdraw(desk, number, "Sans objet.")
    else:
        table(desk, number).write_text("other")
        desk.look(number)
    (vote,) = desk.request(number).round.votes
    assert (vote.by, vote.verdict, vote.comment) == ("Bart", "refuse", "Total faux.")


def test_two_approvals_are_needed_where_two_are_asked_for(home):
    desk = desk_of(home, checkers=2)
    number = reviewed(desk)
    assert review.approve(other(desk, "Bart"), number).state == "under_review"
    assert review.approve(other(desk, "Chloé"), number).state == "approved"


def test_how_many_must_agree_is_decided_by_the_desk_and_stands_in_the_review(home, monkeypatch):
    desk = desk_of(home)
    early = reviewed(desk, "Une")
    upkeep.set_checkers(other(desk, "Bart"), 2, "Un dossier délicat.")
    upkeep.set_checkers(desk, 2, "Encore.")
    assert actions(desk).count("checkers") == 1
    # Neither who asks nor the machine they ask from changes it.
    monkeypatch.setenv("VIGIE_CHECKERS", "1")
    late = reviewed(other(desk, "Anne"), "Deux", requester="INASTI")
    upkeep.set_checkers(desk, 1, "Seule en août.")
    assert review.approve(other(desk, "Bart"), early).state == "approved"
    assert review.approve(other(desk, "Bart"), late).state == "under_review"
    assert desk.request(late).round.checkers == 2
    assert review.approve(other(desk, "Chloé"), late).state == "approved"
    assert desk.house().checkers == 1


@pytest.mark.parametrize(("number", "reason"), [(0, "Motif."), (3, "Motif."), (2, "  ")])
def test_a_number_of_checkers_that_means_nothing_is_refused(home, number, reason):
    desk = desk_of(home)
    with pytest.raises(BadRequest):
        upkeep.set_checkers(desk, number, reason)
    assert actions(desk) == []


def test_who_waives_a_rule_does_not_check_what_was_waived(home):
    desk = desk_of(home)
    desk.office.findings = (finding("V01"),)
    number = reception.receive(desk, arrival()).id
    reception.define(desk, number)
    production.produce(desk, number)
    bart = other(desk, "Bart")
    review.ask(bart, number, {"V01": "Commune fusionnée."})
    for act in (review.approve, lambda d, n: review.refuse(d, n, "Non.")):
        with pytest.raises(ForbiddenPerson, match="V01"):
            act(other(desk, "BART"), number)
    # Two people: the producer waives, the other one checks.
    review.recall(bart, number, "C'est à Anne de dispenser.")
    production.produce(desk, number)
    review.ask(desk, number, {"V01": "Commune fusionnée."})
    assert review.approve(bart, number).state == "approved"


@pytest.mark.parametrize("damage", ["changed", "removed", "added", "linked", "manifest"])
@pytest.mark.parametrize("moment", ["voting", "voted", "approved", "looking"])
def test_a_file_changed_after_a_vote_loses_the_votes(tmp_path, home, damage, moment):
    desk = desk_of(home, checkers=1 if moment == "approved" else 2)
    number = reviewed(desk)
    if moment != "looking":
        review.approve(other(desk, "Bart"), number)
    file = table(desk, number)
    kept = file.read_bytes()
    if damage == "changed":
        file.write_bytes(kept[:-1] + b"9")
    elif damage == "removed":
        file.unlink()
    elif damage == "added":
        (file.parent / "besides.csv").write_text("1")
    elif damage == "linked":
        (tmp_path / "same.csv").write_bytes(kept)
        file.unlink()
        file.symlink_to(tmp_path / "same.csv")
    else:
        (file.parent / "manifest.json").write_text("{}")
    act = {
        "voting": lambda: review.approve(other(desk, "Chloé"), number),
        "voted": lambda: review.refuse(other(desk, "Chloé"), number, "Non."),
        "approved": lambda: delivery.deliver(desk, number, tmp_path / "out"),
    }.get(moment)
    if act:
        with pytest.raises(ChangedPackage):
            act()
    else:
        assert desk.look(number).changed
    assert not (tmp_path / "out").exists()
    found = desk.request(number)
    assert (found.state, found.version.spent) == ("produced", "changed")
    assert actions(desk)[-1] == "lapse"
    # Putting the file back brings no vote back.
    with pytest.raises(ForbiddenMove):
        review.ask(desk, number)
    assert production.produce(desk, number).version.number == 2


def test_an_approval_makes_the_package_again_and_compares(home):
    desk = desk_of(home)
    number = reviewed(desk)
    desk.office.release_id = "2026-09-30_20260930T200000Z"  # published since: not looked at
    orders = len(desk.office.orders)
    review.approve(other(desk, "Bart"), number)
    again = desk.office.orders[orders:]
    assert [one.release_id for one in again] == ["2026-08-31_20260831T200000Z"]
    assert again[0].commission == desk.request(number).commission(desk.request(number).version)
    assert list(desk.package(desk.request(number)).parent.iterdir()) == [
        desk.package(desk.request(number))
    ]


def test_what_cannot_be_made_again_loses_its_votes(home):
    desk = desk_of(home)
    number = reviewed(desk)
    office = desk.office
    plain = office.write

    def other_bytes(order, out):
        made = plain(order, out)
        (made.folder / "table.csv").write_text("other code")
        return made

    office.write = other_bytes
    with pytest.raises(ChangedPackage, match=r"table\.csv"):
        review.approve(other(desk, "Bart"), number)
    assert desk.request(number).version.spent == "not_again"


def test_rules_that_find_something_else_than_before_lose_the_votes(home):
    desk = desk_of(home)
    number = reviewed(desk)
    desk.office.findings = (finding("V07", "warning"),)
    with pytest.raises(ChangedPackage):
        review.approve(other(desk, "Bart"), number)


def test_a_rule_that_blocks_stops_the_review_until_somebody_waives_it_by_name(home):
    desk = desk_of(home)
    desk.office.findings = (finding("V01"), finding("V02", passed=True), finding("V07", "warning"))
    number = reception.receive(desk, arrival()).id
    reception.define(desk, number)
    found = production.produce(desk, number)
    assert [one["rule"] for one in found.version.failed] == ["V01", "V07"]
    with pytest.raises(BlockedReview, match="V01"):
        review.ask(desk, number)
    with pytest.raises(BlockedReview):
        review.ask(desk, number, {"V07": "Connu."})
    with pytest.raises(BadRequest, match="V02"):
        review.ask(desk, number, {"V01": "Connu.", "V02": "Connu."})
    with pytest.raises(BadRequest):
        review.ask(desk, number, {"V01": "  "})
    assert actions(desk)[-1] == "produce"
    found = review.ask(desk, number, {"V01": "Commune fusionnée, voir la note."})
    waiver = found.round.waivers[0]
    assert (waiver.rule, waiver.by, waiver.reason) == (
        "V01",
        "Anne",
        "Commune fusionnée, voir la note.",
    )
    assert review.approve(other(desk, "Bart"), number).state == "approved"


def test_an_override_is_for_the_producer_alone_and_is_said_everywhere(home, tmp_path):
    desk = desk_of(home, checkers=2)
    number = reviewed(desk)
    with pytest.raises(ForbiddenPerson, match="Anne"):
        review.override(other(desk, "Bart"), number, "Pressé.")
    with pytest.raises(BadRequest):
        review.override(desk, number, " ")
    found = review.override(desk, number, "Seule au bureau jusqu'à lundi.")
    assert (found.state, found.version.number) == ("approved", 2)
    assert "Seule au bureau" in table(desk, number).read_text()
    assert desk.office.orders[-1].commission.override.by == "Anne"
    assert desk.office.orders[-1].release_id == found.versions[0].release_id
    delivery.deliver(desk, number, tmp_path / "out")
    slip = json.loads((tmp_path / "out" / found.version.name / "delivery.json").read_text())
    assert slip["override"] == {"by": "Anne", "reason": "Seule au bureau jusqu'à lundi."}
    assert slip["votes"] == []


def test_who_is_not_alone_does_not_override(home):
    """Somebody has voted: a refusal that is sealed still would be passed over unread."""
    desk = desk_of(home, checkers=2)
    number = reviewed(desk)
    review.refuse(other(desk, "Chloé"), number, "Total faux.")
    with pytest.raises(ForbiddenPerson, match="Chloé"):
        review.override(desk, number, "Pressée.")
    assert desk.request(number).state == "under_review"


def test_an_override_does_not_pass_a_rule_that_blocks(home):
    desk = desk_of(home)
    number = reviewed(desk)
    desk.office.findings = (finding("V01"),)
    with pytest.raises(BlockedReview):
        review.override(desk, number, "Pressé.")
    assert desk.request(number).state == "under_review"


def test_the_attacker_knows_what_the_recipient_has(home, tmp_path):
    desk = desk_of(home)
    quarter = Definition(("T01",), "2025Q4", "spf", "fr")
    first = delivered(desk, tmp_path / "a", "Une")
    # Whoever asked: what is protected by the same rules is told on.
    second = delivered(desk, tmp_path / "b", "Autre demandeur", requester="INAMI")
    delivered(
        desk, tmp_path / "c", "Autre période", asked=Definition(("T01",), "2023", "spf", "fr")
    )
    table = Definition(("T02",), "2025", "spf", "fr")
    third = delivered(desk, tmp_path / "d", "Autre table", asked=table)
    public = Definition(("T01",), "2025", "public", "fr")
    fourth = delivered(desk, tmp_path / "f", "Public", asked=public, requester="Un journal")
    delivered(
        desk, tmp_path / "e", "Autre profil", asked=Definition(("T01",), "2025", "inasti", "fr")
    )
    number = reviewed(desk, "Le quatrième trimestre", asked=quarter)
    known = [first, second, third, fourth]
    assert list(desk.request(number).version.earlier) == known
    packages = tuple(desk.package(desk.request(one)) for one in known)
    assert desk.office.orders[-1].earlier == packages
    # The chain of deliveries is that of the recipient.
    assert desk.request(number).version.previous != desk.request(second).version.manifest


def test_where_nothing_is_protected_it_is_the_recipient_that_counts(home, tmp_path):
    desk = desk_of(home)
    inside = Definition(("T01",), "2025", "inasti", "fr")
    first = delivered(desk, tmp_path / "a", "Une", asked=inside, requester="INASTI Bruxelles")
    delivered(desk, tmp_path / "b", "Deux", asked=inside, requester="Un autre service")
    number = reviewed(desk, "Trois", asked=inside, requester="Inasti – BRUXELLES")
    assert list(desk.request(number).version.earlier) == [first]
    assert desk.request(number).version.previous == desk.request(first).version.manifest


def test_what_was_given_to_the_public_is_known_whoever_asked(home, tmp_path):
    desk = desk_of(home)
    public = Definition(("T01",), "2025", "public", "fr")
    first = delivered(desk, tmp_path / "a", "Une", asked=public, requester="Un journal")
    number = reviewed(desk, "Deux", asked=public, requester="Un autre journal")
    version = desk.request(number).version
    assert list(version.earlier) == [first]
    assert version.previous == desk.request(first).version.manifest


def test_a_package_is_not_approved_that_did_not_know_what_left_meanwhile(home, tmp_path):
    desk = desk_of(home)
    waiting, ready = reviewed(desk, "Une"), approved(desk, "Deux")
    delivered(desk, tmp_path / "out", "Trois")
    with pytest.raises(ChangedPackage, match="2026-0003"):
        review.approve(other(desk, "Bart"), waiting)
    with pytest.raises(ChangedPackage, match="2026-0003"):
        delivery.deliver(desk, ready, tmp_path / "out2")
    assert not (tmp_path / "out2").exists()
    for number in (waiting, ready):
        assert desk.request(number).version.spent == "recipient"


def test_what_left_must_lie_as_it_left(home, tmp_path):
    desk = desk_of(home)
    first = delivered(desk, tmp_path / "out", "Une")
    table(desk, first).write_text("other")
    second = reception.receive(desk, arrival("Deux")).id
    reception.define(desk, second)
    with pytest.raises(LostDelivery, match=first):
        production.produce(desk, second)


def test_what_can_be_done_next_leaves_out_an_override_once_somebody_has_voted(home):
    desk = desk_of(home, checkers=2)
    number = reviewed(desk)
    step = desk.say("action_override")
    assert step in desk.next_steps(desk.request(number))
    review.approve(other(desk, "Bart"), number)
    assert step not in desk.next_steps(desk.request(number))
    with pytest.raises(ForbiddenMove) as told:
        delivery.deliver(desk, number, home / "out")
    assert step not in str(told.value)
