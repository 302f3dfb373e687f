"""The national number: its check against python-stdnum, its pseudonym, and that it never leaks."""

import hashlib
import hmac
import re
import stat

import duckdb
import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from stdnum.be import nn, ssn, vat
from stdnum.exceptions import InvalidChecksum

from ingest import pseudonym, rules
from ingest.errors import IngestError
from ingest.load import load_ready
from tests.unit.ingest.support import NISS, as_csv, load, rows, valid, world, write_delivery


def with_checksum(nine: str, century: str) -> str:
    return f"{nine}{97 - int(century + nine) % 97:02}"


numbers = st.one_of(
    st.text("0123456789", min_size=9, max_size=9).flatmap(
        lambda nine: st.sampled_from([with_checksum(nine, ""), with_checksum(nine, "2")])
    ),
    st.text("0123456789", min_size=11, max_size=11),
    st.text("0123456789 .-x", min_size=0, max_size=13),
)


@pytest.fixture(scope="module")
def session():
    with duckdb.connect() as connection:
        pseudonym.install(connection, b"k" * 32)
        connection.execute(rules.MACROS)
        yield connection


@settings(max_examples=60, deadline=None)
@given(st.lists(numbers, min_size=1, max_size=50))
def test_the_check_in_sql_is_that_of_stdnum(session, values):
    """Its checksum, in either century (F8); its other checks can only refuse more."""
    accepted = [
        bool(row[0])
        for row in session.execute(
            "SELECT is_niss(x) FROM (SELECT unnest($1::VARCHAR[]) AS x)", [values]
        ).fetchall()
    ]
    for value, ok in zip(values, accepted, strict=True):
        plain = re.fullmatch("[0-9]{11}", value) is not None
        # H1: what no number can be, though stdnum lets some of it stand.
        plain = plain and value[6:9] not in ("000", "999") and value[:6] != "000000"
        assert ok == (plain and (_stdnum_checksum(value) or _since_2000(value)))
        if plain and ssn.is_valid(value):
            assert ok
        month, year = value[2:4], value[:2]
        if ok and int(year) <= 25 and (int(month) % 20 <= 12 and int(month) <= 52):
            assert ssn.is_valid(value)


def _stdnum_checksum(value: str) -> bool:
    try:
        return bool(nn._checksum(value))
    except InvalidChecksum:
        return False


def _since_2000(value: str) -> bool:
    return 97 - int("2" + value[:9]) % 97 == int(value[9:])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text("0123456789", min_size=10, max_size=10), min_size=1, max_size=50))
def test_enterprise_numbers_are_those_of_stdnum(session, values):
    values += [f"{value[:8]}{-int(value[:8]) % 97:02}" for value in values]
    found = session.execute(
        "SELECT is_enterprise_number(x) FROM (SELECT unnest($1) AS x)", [values]
    ).fetchall()
    assert [bool(row[0]) for row in found] == [vat.is_valid(value) for value in values]


@settings(max_examples=30, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.lists(numbers, min_size=1, max_size=20))
def test_the_pseudonym_is_hmac_sha_256(key, values):
    with duckdb.connect() as connection:
        pseudonym.install(connection, key)
        found = connection.execute(
            "SELECT pseudonym(x) FROM (SELECT unnest($1::VARCHAR[]) AS x)", [values]
        ).fetchall()
    expected = [hmac.new(key, value.encode(), hashlib.sha256).hexdigest() for value in values]
    assert (
        [row[0] for row in found]
        == expected
        == [pseudonym.pseudonym(key, value) for value in values]
    )


def test_the_number_is_in_no_file_and_no_message(tmp_path, monkeypatch, capfd):
    """Accepted, rejected, in a wrong column, in a broken line, in a header, in a delete."""
    monkeypatch.setenv("VIGIE_MAX_REJECTED_PCT", "100")
    landing, home = tmp_path / "landing", tmp_path / "home"
    secret = "85073003328"
    full = world()
    full["affiliates"].append(valid("affiliates", affiliate_id="A00000003", niss=secret))
    full["affiliates"].append(valid("affiliates", affiliate_id="A00000004", niss=secret, sex="?"))
    full["affiliates"].append(valid("affiliates", affiliate_id=secret, niss=secret))
    full["affiliates"].append(valid("affiliates", affiliate_id="A00000005", niss=secret[:-1]))
    full["charges"].append(valid("charges", charge_id=secret, account_id=secret))
    full["charges"].append(valid("charges", charge_id="D000000000009", account_id=secret))
    full["incomes"].append(valid("incomes", affiliate_id=secret))
    write_delivery(landing, "2026-06-30-1", "2026-06-30", "full", full)
    columns = ["_op", *valid("affiliates")]
    table = [{**valid("affiliates", niss=secret), "_op": "U"}]
    write_delivery(
        landing,
        "2026-07-01-1",
        "2026-07-01",
        "delta",
        {"affiliates": [{"_op": "D", "affiliate_id": "A00000003", "niss": secret}]},
    )
    messages = []
    assert load(landing, home).refused is None
    for number, data in enumerate(
        [
            as_csv(table, columns) + f"{secret},{secret}\n".encode(),
            as_csv(table, columns).replace(b"niss", secret.encode()),
            as_csv(table, columns).replace(secret.encode(), secret.encode() + b"\xe9"),
            as_csv(table, columns).replace(secret.encode(), b'"' + secret.encode()),
        ]
    ):
        name = f"2026-07-1{number}-1"
        folder = write_delivery(
            landing, name, name[:10], "delta", {"affiliates": table}, content={"affiliates": data}
        )
        messages.append(str(load(landing, home).refused))
        assert "is refused" in messages[-1]
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
    everything = "".join(messages) + "".join(capfd.readouterr())
    for path in home.rglob("*"):
        if path.suffix == ".parquet":
            everything += repr(duckdb.sql(f"SELECT * FROM '{path}'").fetchall())
        elif path.is_file():
            everything += path.read_bytes().decode("latin-1")
    for hidden in (secret, secret[:-1], *NISS.values()):
        assert hidden not in everything
    assert pseudonym.pseudonym(_key(home), secret) in everything
    assert _key(home).hex() not in everything.replace(
        (home / "keys" / "pseudonym.key").read_text(), ""
    )


def _key(home) -> bytes:
    return pseudonym.ensure_key(home, may_create=False)


def test_the_same_person_has_the_same_pseudonym_everywhere(base, any_share):
    landing, home = base
    write_delivery(
        landing,
        "2026-07-01-1",
        "2026-07-01",
        "delta",
        {"affiliates": [valid("affiliates", affiliate_id="A00000009")]},
    )
    load(landing, home)
    assert rows(
        home,
        "SELECT count(*), count(DISTINCT person_key) FROM raw.affiliates "
        "WHERE affiliate_id IN ('A00000001', 'A00000009')",
    ) == [(2, 1)]


def test_the_key_is_made_once_and_kept_private(base):
    landing, home = base
    path = home / "keys" / "pseudonym.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert re.fullmatch("[0-9a-f]{64}\n", path.read_text())
    path.chmod(0o644)
    with pytest.raises(IngestError, match="0600"):
        load_ready(landing, home)
    path.chmod(0o600)
    kept = path.read_text()
    path.write_text("0" * 64)
    with pytest.raises(IngestError, match="not the one"):
        load_ready(landing, home)
    path.unlink()
    with pytest.raises(IngestError, match="missing"):
        load_ready(landing, home)
    assert not path.exists()
    path.write_text(kept)
    path.chmod(0o600)
    assert load_ready(landing, home).refused is None
