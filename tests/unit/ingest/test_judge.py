"""What looks beyond one file: references, deletes, kept rows, cancellations (F4-F6, A12)."""

import pytest

from ingest.raw import status
from tests.unit.ingest.support import load, quarantine, rows, valid, world, write_delivery

pytestmark = pytest.mark.usefixtures("any_share")


def deliver(base, day, tables, mode="delta"):
    landing, home = base
    write_delivery(landing, f"2026-07-{day:02}-1", f"2026-07-{day:02}", mode, tables)
    outcome = load(landing, home)
    assert outcome.refused is None, outcome.refused
    return home


def charge(number, **changes):
    return valid("charges", charge_id=f"D{number:012}", **changes)


def cancel(number, related, **changes):
    return charge(
        number,
        **{
            "charge_type": "cancellation",
            "amount": "-5.00",
            "related_charge_id": related and f"D{related:012}",
            **changes,
        },
    )


def test_a_row_that_refers_to_a_quarantined_row_is_quarantined_too(base):
    home = deliver(
        base,
        1,
        {
            "affiliates": [valid("affiliates", affiliate_id="A00000007", niss="11111111111")],
            "charges": [charge(7, account_id="A00000007")],
            "relief_effects": [valid("relief_effects", charge_id="D000000000007")],
            "payments": [valid("payments", payment_id="P000000000007", charge_id="D000000000007")],
            "notices": [
                valid("notices", notice_id="N8", corrected_by="N9"),
                valid("notices", notice_id="N9", corrected_by="N10"),
                valid("notices", notice_id="N10", corrected_by="N7"),
                valid("notices", notice_id="N11", corrected_by="N11"),
            ],
        },
    )
    assert quarantine(home) == [
        ("affiliates", 2, "domain", "niss"),
        ("charges", 2, "reference", "account_id"),
        ("notices", 2, "reference", "corrected_by"),
        ("notices", 3, "reference", "corrected_by"),
        ("notices", 4, "reference", "corrected_by"),
        ("payments", 2, "reference", "charge_id"),
        ("relief_effects", 2, "reference", "charge_id"),
    ]


def test_an_account_is_an_affiliate_or_a_company(base):
    home = deliver(
        base,
        1,
        {
            "payments": [
                valid("payments", payment_id=f"P00000000010{n}", account_id=account)
                for n, account in enumerate(["A00000002", "C00000001", "C00000002", "A1"])
            ]
        },
    )
    assert [row[1] for row in quarantine(home)] == [4, 5]


def test_the_earlier_version_stays_in_force(base):
    """F4, in a delta and in a full delivery; references to the kept row hold."""
    home = deliver(
        base,
        1,
        {
            "charges": [charge(1, amount="oops")],
            "payments": [valid("payments", payment_id="P000000000002", charge_id="D000000000001")],
        },
    )
    assert quarantine(home) == [("charges", 2, "type", "amount")]
    assert rows(home, "SELECT amount::VARCHAR, _delivery_id FROM raw.charges") == [
        ("100.00", "2026-06-30-1")
    ]
    full = world()
    full["charges"] = [charge(1, amount="oops"), charge(2)]
    full["affiliates"][0]["sex"] = "?"
    full["payments"] = []
    home = deliver(base, 2, full, "full")
    assert quarantine(home, where="is_open") == [
        ("affiliates", 2, "domain", "sex"),
        ("charges", 2, "type", "amount"),
    ]
    assert rows(home, "SELECT charge_id, _delivery_id FROM raw.charges ORDER BY 1") == [
        ("D000000000001", "2026-06-30-1"),
        ("D000000000002", "2026-07-02-1"),
    ]
    assert rows(home, "SELECT count(*) FROM raw.payments") == [(0,)]
    # An update, then a delete, of the kept row.
    home = deliver(base, 3, {"charges": [charge(1, amount="7.00")]})
    assert rows(home, "SELECT amount::VARCHAR FROM raw.charges WHERE charge_id LIKE '%01'") == [
        ("7.00",)
    ]


def test_in_a_full_delivery_a_missing_parent_makes_its_children_fail(base):
    full = world()
    del full["affiliates"][1]
    full["charges"].append(charge(2, account_id="A00000002"))
    home = deliver(base, 1, full, "full")
    assert quarantine(home) == [("charges", 3, "reference", "account_id")]
    assert rows(home, "SELECT count(*) FROM raw.affiliates") == [(1,)]


def test_deletes(base):
    """F6: refused while rows in force after the delivery refer to the key."""
    home = deliver(
        base,
        1,
        {
            "affiliates": [
                {"_op": "D", "affiliate_id": "A00000001"},
                {"_op": "D", "affiliate_id": "A00000002"},
                {"_op": "D", "affiliate_id": "A00000003"},
            ],
            "charges": [{"_op": "D", "charge_id": "D000000000001"}],
            "relief_effects": [{"_op": "D", "request_id": "RR1", "charge_id": "D000000000001"}],
            "recovery_case_charges": [{"_op": "D", "case_id": "K1", "charge_id": "D000000000001"}],
            "notices": [valid("notices", charge_id="")],
        },
    )
    assert quarantine(home) == [("affiliates", 2, "reference", "affiliate_id")]
    assert rows(home, "SELECT affiliate_id FROM raw.affiliates") == [("A00000001",)]
    assert rows(home, "SELECT count(*) FROM raw.charges") == [(0,)]


def test_a_delete_is_refused_when_a_row_of_the_same_delivery_refers_to_it(base):
    home = deliver(
        base,
        1,
        {
            "affiliates": [{"_op": "D", "affiliate_id": "A00000002"}],
            "charges": [charge(2, account_id="A00000002")],
        },
    )
    assert quarantine(home) == [("affiliates", 2, "reference", "affiliate_id")]
    home = deliver(
        base,
        2,
        {
            "notices": [
                valid("notices", notice_id="N2"),
                valid("notices", notice_id="N3", corrected_by="N2"),
            ]
        },
    )
    home = deliver(base, 3, {"notices": [{"_op": "D", "notice_id": "N2"}]})
    assert quarantine(home, where="is_open")[-1] == ("notices", 2, "reference", "notice_id")
    home = deliver(
        base, 4, {"notices": [{"_op": "D", "notice_id": "N2"}, {"_op": "D", "notice_id": "N3"}]}
    )
    assert rows(home, "SELECT notice_id FROM raw.notices") == [("N1",)]


def test_a_refused_delete_keeps_what_it_refers_to(base):
    """N3 refers to N2 and cannot be deleted, N4 refers to it: then N2 cannot be deleted either."""
    deliver(
        base,
        1,
        {
            "notices": [
                valid("notices", notice_id="N2"),
                valid("notices", notice_id="N3", corrected_by="N2"),
                valid("notices", notice_id="N4", corrected_by="N3"),
            ]
        },
    )
    home = deliver(
        base, 2, {"notices": [{"_op": "D", "notice_id": "N2"}, {"_op": "D", "notice_id": "N3"}]}
    )
    assert [row[1] for row in quarantine(home)] == [2, 3]


def test_cancellations(base):
    """A12; the charge cancelled may come in the same delivery or an earlier one."""
    home = deliver(
        base,
        1,
        {
            "charges": [
                charge(2, account_id="A00000002"),
                cancel(3, 1),
                cancel(4, 2, account_id="A00000002"),
                cancel(5, None),
                cancel(6, 1, amount="5.00"),
                cancel(7, 3),
                cancel(8, 2),
                cancel(9, 99),
                cancel(10, 2, account_id="A00000009"),
                cancel(11, 9),
                cancel(12, 12),
            ]
        },
    )
    assert [row[1:] for row in quarantine(home)] == [
        (5, "required", "related_charge_id"),
        (6, "domain", "amount"),
        (7, "domain", "related_charge_id"),
        (8, "domain", "related_charge_id"),
        (9, "reference", "related_charge_id"),
        (10, "domain", "related_charge_id"),
        (11, "reference", "related_charge_id"),
        (12, "domain", "related_charge_id"),
    ]
    home = deliver(
        base, 2, {"charges": [charge(1, amount="-1", charge_type="regularisation"), cancel(20, 1)]}
    )
    assert quarantine(home)[-1][1:3] == (3, "domain")


def test_quarantine_stays_open_until_corrected(base):
    """F5: accepted or deleted later, or judged anew by the next full; children are not retried."""
    deliver(
        base,
        1,
        {
            "affiliates": [
                valid("affiliates", affiliate_id="A00000005", niss=""),
                valid("affiliates", affiliate_id="A00000006", niss=""),
            ],
            "charges": [charge(5, account_id="A00000005"), charge(6, amount="x")],
        },
    )
    home = deliver(
        base,
        2,
        {
            "affiliates": [
                valid("affiliates", affiliate_id="A00000005", niss="17073003384"),
                valid("affiliates", affiliate_id="A00000006", sex=""),
            ],
            "charges": [{"_op": "D", "charge_id": "D000000000006"}],
        },
    )
    still = "delivery_id[9:], extract, line_number"
    assert quarantine(home, still, "is_open") == [
        ("01-1", "affiliates", 3),
        ("01-1", "charges", 2),
        ("02-1", "affiliates", 3),
    ]
    open_rows = status(home)["open_quarantine"]
    told = [(one["delivery_id"][8:], *list(one.values())[2:]) for one in open_rows]
    assert told == [
        ("01-1", "affiliates", "required", 1),
        ("01-1", "charges", "reference", 1),
        ("02-1", "affiliates", "required", 1),
    ]
    home = deliver(base, 3, world(), "full")
    assert quarantine(home, where="is_open") == []
    assert len(quarantine(home)) == 5


@pytest.mark.parametrize("number", ["20260000001", "80051700338"], ids=["like one", "a number"])
def test_a_key_that_looks_like_a_national_number_is_followed_like_any_other(base, number):
    """F4 and F5 hold whether it is hidden (its checksum is that of a number) or not."""

    def contact(key, **changes):
        return valid("contacts", contact_id=f"T{key}", **changes)

    # Beside it another key that would be hidden the same way.
    other = "80051700536"
    full = world()
    full["contacts"] = [contact(number), contact(other)]
    deliver(base, 1, full, "full")
    home = deliver(base, 2, {"contacts": [contact(number, kind="?"), contact(other, kind="?")]})
    ((key, is_open), _) = quarantine(home, '"key", is_open')
    assert is_open
    assert (number in key) is (number == "20260000001")
    home = deliver(base, 3, {"contacts": [contact(number, channel="phone")]})
    assert quarantine(home, "is_open") == [(False,), (True,)]
    # A full delivery in which it is rejected keeps the version before, of it alone.
    full["contacts"] = [contact(number, kind="?")]
    home = deliver(base, 4, full, "full")
    assert rows(home, "SELECT contact_id, channel FROM raw.contacts") == [(f"T{number}", "phone")]


def test_a_delta_names_the_lines_it_replaces(base):
    """What is in force is read without looking at keys; each delta names all its lines again."""
    full = world()
    full["charges"] = [charge(number) for number in (1, 2, 3, 4)]
    full["payments"] = []
    deliver(base, 1, full, "full")
    changed = {
        "charges": [
            charge(2, amount="7.00"),
            {"_op": "D", "charge_id": "D000000000003"},
            charge(9, amount="9.00"),
            charge(4, amount="oops"),
        ]
    }
    deliver(base, 2, changed)
    home = deliver(base, 3, {"charges": [charge(2, amount="8.00")]})

    def replaced(day):
        file = home / "judgements" / f"2026-07-0{day}-1" / "replaced.parquet"
        return rows(home, f"SELECT extract, line_number FROM '{file}' ORDER BY ALL")

    # Line 5 is not replaced: the row that would replace it is rejected.
    assert replaced(2) == [("charges", 3), ("charges", 4)]
    assert replaced(3) == [("charges", 3)]
    assert rows(home, "SELECT charge_id, amount::VARCHAR FROM raw.charges ORDER BY 1") == [
        ("D000000000001", "100.00"),
        ("D000000000002", "8.00"),
        ("D000000000004", "100.00"),
        ("D000000000009", "9.00"),
    ]
