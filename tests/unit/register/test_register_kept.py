"""What stays on the disk for the register: releases that a package is made again from, packages
that left or are waited for; and what is cleared away.
"""

from __future__ import annotations

import pytest

from exports.register import delivery, production, reception, review
from exports.register.chain import check
from exports.register.kept import clear_versions, needed_releases
from exports.register.request import Definition
from tests.unit.register.support import (
    delivered,
    desk_of,
    other,
    reviewed,
)


def of_release(desk, day: str) -> str:
    """Make what follows from another release."""
    desk.office.release_id = f"{day}_{day.replace('-', '')}T200000Z"
    return desk.office.release_id


def meant(year: str, code: str = "T01", profile: str = "spf") -> Definition:
    return Definition((code,), year, profile, "fr")


@pytest.fixture
def desk(home):
    return desk_of(home)


def test_an_empty_register_needs_no_release_and_makes_nothing(desk, home):
    assert needed_releases(desk, 1) == frozenset()
    assert list(home.iterdir()) == []


def test_an_open_request_needs_the_release_of_its_last_version(desk):
    of_release(desk, "2026-01-31")
    number = reviewed(desk)
    review.refuse(other(desk, "Bart"), number, "Non.")
    last = of_release(desk, "2026-02-28")
    production.produce(desk, number)
    assert needed_releases(desk, 0) == {last}
    reception.withdraw(desk, number, "Sans objet.")
    assert needed_releases(desk, 0) == frozenset()


def test_what_an_open_request_knew_of_is_needed_to_make_it_again(desk, tmp_path):
    """However old the delivery, and whatever the setting says."""
    first = of_release(desk, "2026-01-31")
    delivered(desk, tmp_path / "a", "Vieille", asked=meant("2023"))
    second = of_release(desk, "2026-02-28")
    delivered(desk, tmp_path / "b", "Neuve", asked=meant("2026"), requester="SPF")
    assert needed_releases(desk, 10) == {first, second}
    third = of_release(desk, "2026-03-31")
    number = reviewed(desk, "Encore une", asked=meant("2024", "T02"), requester="SPF")
    assert list(desk.request(number).version.earlier)
    assert needed_releases(desk, 0) == {first, second, third}


@pytest.mark.parametrize(("back", "years"), [(0, {"2024"}), (1, {"2023", "2024"}), (9, None)])
def test_deliveries_that_may_be_corrected_need_theirs(desk, tmp_path, back, years):
    """Of each recipient and table the last period, and so many years before."""
    made = {}
    for place, year in enumerate(("2020", "2023", "2024")):
        made[year] = of_release(desk, f"2026-0{place + 1}-28")
        delivered(desk, tmp_path / year, year, asked=meant(year))
    other_table = of_release(desk, "2026-05-28")
    delivered(desk, tmp_path / "t", "Autre table", asked=meant("2019", "T08"))
    somebody = of_release(desk, "2026-06-28")
    delivered(desk, tmp_path / "s", "Ailleurs", asked=meant("2018"), requester="INAMI")
    expected = {made[year] for year in (years or made)} | {other_table, somebody}
    assert needed_releases(desk, back) == expected


def test_a_delivery_that_is_being_corrected_needs_its_own(desk, tmp_path):
    old = of_release(desk, "2026-01-31")
    first = delivered(desk, tmp_path / "a", "Vieille", asked=meant("2020"))
    new = of_release(desk, "2026-02-28")
    delivered(desk, tmp_path / "b", "Neuve", asked=meant("2024"))
    assert needed_releases(desk, 0) == {new}
    second = reception.restate(desk, first, "error", "Oubli.").id
    assert needed_releases(desk, 0) == {old, new}
    reception.withdraw(desk, second, "Pas d'erreur.")
    assert needed_releases(desk, 0) == {new}


def _versions(home) -> list[str]:
    return sorted(
        path.relative_to(home / "desk" / "requests").as_posix()
        for path in (home / "desk" / "requests").glob("*/v*")
    )


def test_packages_that_never_left_go_after_their_days_and_no_others(desk, home, tmp_path):
    sent = reviewed(desk, "Envoyée", asked=meant("2020"))
    review.refuse(other(desk, "Bart"), sent, "Un total manque.")
    production.produce(desk, sent)
    review.ask(desk, sent)
    review.approve(other(desk, "Bart"), sent)
    delivery.deliver(desk, sent, tmp_path / "out")
    waiting = reviewed(desk, "En attente", asked=meant("2022"))
    review.refuse(other(desk, "Bart"), waiting, "Un total manque.")
    production.produce(desk, waiting)
    gone = reviewed(desk, "Retirée", asked=meant("2024"))
    reception.withdraw(desk, gone, "Sans objet.")
    all_of_them = _versions(home)
    assert all_of_them == [
        f"{sent}/v1",
        f"{sent}/v2",
        f"{waiting}/v1",
        f"{waiting}/v2",
        f"{gone}/v1",
    ]
    desk.now.forward(days=30)
    assert clear_versions(desk, 30) == []
    assert _versions(home) == all_of_them
    desk.now.forward(days=1)
    cleared = clear_versions(desk, 30)
    assert len(cleared) == 3
    assert _versions(home) == [f"{sent}/v2", f"{waiting}/v2"]
    assert clear_versions(desk, 30) == []
    # Everything goes on: the register is whole, and nothing counts as changed.
    assert check(desk.store) == ()
    for number in (sent, waiting, gone):
        assert desk.look(number).changed == ()
    review.ask(desk, waiting)
    assert review.approve(other(desk, "Bart"), waiting).state == "approved"


def test_a_slip_keeps_its_package_whatever_the_register_says(desk, home):
    number = reviewed(desk)
    reception.withdraw(desk, number, "Sans objet.")
    (home / "desk" / "requests" / number / "v1" / "delivery.json").write_text("{}")
    desk.now.forward(days=400)
    with pytest.raises(Exception, match="not what the desk wrote"):
        clear_versions(desk, 1)
    assert _versions(home) == [f"{number}/v1"]
