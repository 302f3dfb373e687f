"""What each check of `vigie verify` sees by itself: packages that the desk signed and that are
wrong in one way only, packages on their own, with others, with and without their release.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from exports.answer import answer
from exports.commission import Commission
from exports.errors import NotAPackage, SigningKeyError
from exports.manifest import manifest_hash
from exports.signature import sign
from exports.verify import verify_package
from exports.verify.check import NOT_CHECKED, OK, UNPROVEN, WRONG
from exports.verify.texts import TEXTS
from orchestration.cli import vigie
from release.proof import write_proof
from tests.unit.exports import tampering
from tests.unit.exports.small_release import build_release

REQUEST = Commission(
    request_id="2026-0012",
    version=1,
    requester="SPF",
    legal_basis="A.R. n° 38, art. 20",
    wording="Combien ?",
    received_on=date(2026, 9, 1),
    due_on=date(2026, 10, 15),
)
NAMES = (
    "files",
    "hashes",
    "signature",
    "delivery",
    "chain",
    "totals",
    "formats",
    "structure",
    "disclosure",
    "rebuild",
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    home = tmp_path_factory.mktemp("verify")
    build_release(home, persons=60)
    return home


@pytest.fixture(scope="module")
def package(desk):
    return made(desk, desk / "out")


@pytest.fixture(scope="module")
def reader(desk, package, tmp_path_factory):
    """A data folder with the key alone: no release, nothing to write a package again from."""
    home = tmp_path_factory.mktemp("reader")
    shutil.copytree(desk / "keys", home / "keys")
    return home


def made(home, out, period="2025Q3", commission=REQUEST, **options) -> Path:
    return answer(
        ["T08"], period, out=out, home=home, profile="public", commission=commission, **options
    ).folder


def copied(package, tmp_path) -> Path:
    return Path(shutil.copytree(package, tmp_path / package.name))


def states(package, home, lent=()) -> dict[str, str]:
    return {one.name: one.state for one in verify_package(package, home, lent=lent)}


def wrong(package, home) -> set[str]:
    return {name for name, state in states(package, home).items() if state == WRONG}


def test_a_package_for_a_request_that_was_not_handed_out_is_right_in_everything_else(desk, package):
    assert states(package, desk) == dict.fromkeys(NAMES, OK) | {"delivery": WRONG}


def test_a_reader_is_told_what_could_not_be_checked(reader, package):
    found = states(package, reader)
    assert {name for name, state in found.items() if state == NOT_CHECKED} == {"rebuild"}
    assert {name for name, state in found.items() if state == WRONG} == {"delivery"}


def test_looking_makes_no_key_and_changes_nothing(package, tmp_path):
    before = {path: path.stat().st_mtime_ns for path in package.rglob("*")}
    found = states(package, tmp_path / "nowhere")
    assert found["signature"] == UNPROVEN
    assert not (tmp_path / "nowhere").exists()
    assert before == {path: path.stat().st_mtime_ns for path in package.rglob("*")}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (tampering.edit_workbook, {"formats"}),
        (tampering.edit_value_everywhere, {"totals", "formats"}),
        (tampering.show_hidden, {"totals", "formats", "structure"}),
        (tampering.add, {"files"}),
        (tampering.remove_from_list, None),
    ],
)
def test_what_the_desk_signed_is_looked_at_all_the_same(
    desk, reader, package, tmp_path, change, found
):
    """No release is there: the package alone gives it away."""
    folder = copied(package, tmp_path)
    change(folder, random.Random(1), package)
    tampering.sign_anew(folder, reader)
    seen = wrong(folder, reader)
    assert seen
    assert "signature" not in seen
    if found is not None:
        assert seen & found, seen


def rewrite(folder, name, old, new, count=0):
    path = folder / name
    written = path.read_text(encoding="utf-8")
    changed = re.sub(old, new, written, count=count)
    assert changed != written
    path.write_text(changed, encoding="utf-8")


def test_a_renamed_measure_does_not_conform(reader, package, tmp_path):
    folder = copied(package, tmp_path)
    rewrite(folder, "sdmx/T08_2025Q3_public_sdmx.csv", "OBS_VALUE", "OBSERVED", 1)
    tampering.sign_anew(folder, reader)
    assert {"formats", "structure"} <= wrong(folder, reader)


def test_a_code_outside_its_list_does_not_conform(reader, package, tmp_path):
    folder = copied(package, tmp_path)
    for name in ("sdmx/T08_2025Q3_public_sdmx.csv", "T08_2025Q3_public.csv"):
        rewrite(folder, name, "regularisation", "unheard")
    rewrite(folder, "sdmx/T08_2025Q3_public_sdmx.xml", "regularisation", "unheard")
    tampering.sign_anew(folder, reader)
    assert "structure" in wrong(folder, reader)


def show_all_but_one(folder) -> None:
    """Of the hidden amounts of a measure one that is protected stays hidden, in the CSV."""
    path = folder / "T08_2025Q3_public.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    hidden = [line for line in lines if ",claimed,,EUR,Q," in line]
    assert len(hidden) > 1
    kept = next(line for line in hidden if ",Q,D," not in line)
    swapped = {
        line: re.sub(r",,EUR,Q,[AOTD]", ",100.00,EUR,A,F", line) for line in hidden if line != kept
    }
    written = "\n".join(swapped.get(line, line) for line in lines) + "\n"
    path.write_text(written, encoding="utf-8")


def test_a_hidden_cell_that_the_others_give_away_is_seen(reader, package, tmp_path):
    """The one that is left is the difference."""
    folder = copied(package, tmp_path)
    show_all_but_one(folder)
    tampering.sign_anew(folder, reader)
    told = {one.name: one.key for one in verify_package(folder, reader)}
    assert told["disclosure"] == "disclosure_exposed"


def test_two_packages_that_give_a_cell_away_together_are_seen(reader, package, tmp_path):
    """Each hides it; what the other one shows is known to who has both."""
    other = copied(package, tmp_path / "other")
    show_all_but_one(other)
    refit = copied(package, tmp_path / "mine")
    tampering.sign_anew(other, reader)
    assert states(refit, reader)["disclosure"] == OK
    assert states(refit, reader, lent=[other])["disclosure"] == WRONG


def test_a_hidden_value_under_its_sign_is_seen(reader, package, tmp_path):
    folder = copied(package, tmp_path)
    rewrite(folder, "T08_2025Q3_public.csv", ",,EUR,Q,", ",100.00,EUR,Q,", 1)
    tampering.sign_anew(folder, reader)
    told = {one.name: one.key for one in verify_package(folder, reader)}
    assert told["disclosure"] == "disclosure_marks"


def test_a_rate_of_something_hidden_is_seen(desk, reader, package, tmp_path):
    """Its base cannot be asked back from it."""
    folder = copied(package, tmp_path)
    said = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (rate,) = [one for one in said["statistics"][0]["measures"] if one["name"] == "perception"]
    rate |= {"numerator": "collected", "denominator": "claimed"}
    tampering.write(folder / "manifest.json", said)
    tampering.sign_anew(folder, reader)
    assert "disclosure" not in wrong(folder, reader)
    rewrite(
        folder, "T08_2025Q3_public.csv", r",perception,,PCT,Q,[AOTD]", ",perception,50,PCT,A,F", 1
    )
    tampering.sign_anew(folder, reader)
    assert "disclosure" in wrong(folder, reader)


def test_the_release_is_gone_and_another_of_the_same_day_gives_the_same(package, tmp_path, desk):
    home = tmp_path / "home"
    build_release(home, release_id="2026-09-30_20261105T030000Z", persons=60)
    shutil.copytree(desk / "keys", home / "keys")
    assert states(package, home)["rebuild"] == OK


def test_another_release_of_the_same_day_with_other_figures_proves_nothing(package, tmp_path, desk):
    home = tmp_path / "home"
    build_release(home, release_id="2026-09-30_20261105T030000Z", persons=80)
    shutil.copytree(desk / "keys", home / "keys")
    assert states(package, home)["rebuild"] == NOT_CHECKED


def test_it_is_written_again_in_a_folder_that_has_nothing_but_the_release(desk, package, tmp_path):
    """Caches, notices, the desk's own folder: none of it counts."""
    home = tmp_path / "home"
    shutil.copytree(desk / "releases", home / "releases")
    assert states(package, home)["rebuild"] == OK
    assert sorted(path.name for path in home.iterdir()) == ["releases"]


def test_packages_that_were_known_are_needed_to_write_it_again(desk, reader, tmp_path):
    first = made(desk, tmp_path / "a", period="2025Q4")
    second = made(desk, tmp_path / "b", earlier=[first])
    assert states(second, desk)["rebuild"] == NOT_CHECKED
    assert states(second, desk, lent=[first])["rebuild"] == OK
    # Beside it, it is found by itself.
    beside = Path(shutil.copytree(first, second.parent / first.name))
    assert states(second, desk)["rebuild"] == OK
    tampering.flip(beside, random.Random(4), beside)
    (beside / "manifest.json").write_text("{}", encoding="utf-8")
    assert states(second, desk)["rebuild"] == NOT_CHECKED


def test_a_correction_needs_the_release_of_what_it_corrects(tmp_path):
    """It was protected together with that; without it, other bytes prove nothing."""
    home = tmp_path / "home"
    former = build_release(home, release_id="2026-09-30_20261001T020000Z", persons=60)
    first = made(home, tmp_path / "out")
    write_proof(former)
    build_release(home, "2026-10-31_20261101T020000Z", date(2026, 10, 31), persons=64)
    second = made(home, tmp_path / "out", earlier=[first])
    assert states(second, home, lent=[first])["rebuild"] == OK
    former.unlink()
    assert states(second, home, lent=[first])["rebuild"] in (OK, NOT_CHECKED)
    rewrite(second, "datapackage.json", "T08", "T09", 1)
    assert states(second, home, lent=[first])["rebuild"] == NOT_CHECKED


def test_a_chain_is_followed_to_the_packages_it_names(desk, tmp_path):
    first = made(desk, tmp_path / "a", commission=None)
    request = replace(REQUEST, replaces=manifest_hash(first), previous=manifest_hash(first))
    second = made(desk, tmp_path / "b", commission=request)
    assert states(second, desk)["chain"] == NOT_CHECKED
    assert states(second, desk, lent=[first])["chain"] == OK
    kept = desk / "desk" / "requests" / "2026-0011" / "v1" / first.name
    shutil.copytree(first, kept)
    assert states(second, desk)["chain"] == OK
    shutil.rmtree(desk / "desk")
    other = answer(["T08"], "2025Q3", out=tmp_path / "c", home=desk, profile="spf").folder
    third = made(desk, tmp_path / "d", commission=replace(REQUEST, replaces=manifest_hash(other)))
    assert states(third, desk, lent=[other])["chain"] == WRONG


def slip_of(package, /, **changed) -> bytes:
    said = {
        "manifest": manifest_hash(package),
        "package": package.name,
        "request_id": REQUEST.request_id,
        "version": REQUEST.version,
        "requester": REQUEST.requester,
        "override": None,
    }
    return (json.dumps(said | changed, indent=2, sort_keys=True) + "\n").encode()


def hand_out(package, home, slip: bytes) -> None:
    (package / "delivery.json").write_bytes(slip)
    signed = json.dumps(sign(home, slip), indent=2, sort_keys=True) + "\n"
    (package / "delivery.sig.json").write_text(signed, encoding="utf-8")


def test_a_delivery_is_about_this_package_and_signed(desk, package, tmp_path):
    folder = copied(package, tmp_path)
    hand_out(folder, desk, slip_of(package))
    assert states(folder, desk) == dict.fromkeys(NAMES, OK)


@pytest.mark.parametrize(
    "changed",
    [
        {"manifest": "0" * 64},
        {"request_id": "2026-0013"},
        {"version": 2},
        {"requester": "Somebody"},
        {"override": {"by": "jdupont", "reason": "x"}},
    ],
)
def test_a_delivery_of_something_else_is_wrong(desk, package, tmp_path, changed):
    folder = copied(package, tmp_path)
    hand_out(folder, desk, slip_of(package, **changed))
    assert wrong(folder, desk) == {"delivery"}


def test_a_delivery_without_its_signature_or_with_another_is_wrong(desk, package, tmp_path):
    folder = copied(package, tmp_path)
    hand_out(folder, desk, slip_of(package))
    hand = folder / "delivery.sig.json"
    hand.write_bytes((folder / "manifest.sig.json").read_bytes())
    assert wrong(folder, desk) == {"delivery"}
    hand.unlink()
    assert wrong(folder, desk) == {"delivery"}
    (folder / "delivery.json").write_bytes(b"{}\n")
    assert "delivery" in wrong(folder, desk)


@pytest.mark.parametrize("within", ["{}/", "received/{}/", "other name/", ""])
def test_a_zip_is_looked_into(desk, package, tmp_path, within):
    path, within = tmp_path / "package.zip", within.format(package.name)
    with zipfile.ZipFile(path, "w") as archive:
        for one in sorted(package.rglob("*")):
            if one.is_file():
                archive.write(one, f"{within}{one.relative_to(package)}")
    assert wrong(path, desk) == {"delivery"}
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(f"{within}more.txt", "more")
    assert wrong(path, desk) == {"files", "delivery", "rebuild"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["more.txt", "{}/manifest.json"])
def test_a_zip_holds_one_package_and_each_file_once(desk, package, tmp_path, name):
    """Which of two files of a name one gets depends on the program."""
    path = Path(shutil.make_archive(tmp_path / "a", "zip", package.parent, package.name))
    assert wrong(path, desk) == {"delivery"}
    with zipfile.ZipFile(path, "a") as archive:
        content = (package / "manifest.json").read_bytes()
        archive.writestr(name.format(package.name), content)
    assert wrong(path, desk) == {"files"}


def test_what_is_no_file_is_not_looked_into(desk, package, tmp_path):
    folder = copied(package, tmp_path)
    os.mkfifo(folder / "pipe.csv")
    assert wrong(folder, desk) == {"files"}
    (folder / "pipe.csv").unlink()
    (folder / "more").symlink_to(tmp_path)
    assert wrong(folder, desk) == {"files"}


def test_a_damaged_zip_is_wrong(desk, package, tmp_path):
    path = Path(shutil.make_archive(tmp_path / "a", "zip", package.parent, package.name))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert wrong(path, desk)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"format": 2}', '{"format": 2, "statistics": 3}']
)
def test_a_manifest_that_says_nothing_is_wrong(desk, package, tmp_path, content):
    folder = copied(package, tmp_path)
    (folder / "manifest.json").write_text(content, encoding="utf-8")
    assert wrong(folder, desk) == {"manifest"}


def test_names_of_a_manifest_reach_no_query(desk, package, tmp_path):
    folder = copied(package, tmp_path)
    said = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    said["statistics"][0]["dimensions"][0] = 'x" from long_t08; drop table long_t08; --'
    tampering.write(folder / "manifest.json", said)
    assert wrong(folder, desk) == {"manifest"}


def test_what_is_no_package_is_said_to_be_none(desk, tmp_path):
    for path in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(NotAPackage, match=r"manifest\.json"):
            verify_package(path, desk)


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_every_check_says_a_sentence_in_every_language(desk, reader, package, tmp_path, lang):
    folder = copied(package, tmp_path)
    tampering.edit_workbook(folder, random.Random(3), package)
    for one in (*verify_package(folder, desk), *verify_package(package, reader)):
        said = one.sentence(lang)
        assert said.endswith((".", ". "))
        assert "{" not in said
        assert "\n" not in said


def test_sentences_have_three_languages_and_the_same_values():
    for key, said in TEXTS.all.items():
        assert set(said) == {"fr", "nl", "en"}, key
        values = [set(re.findall(r"\{(\w+)\}", one)) for one in said.values()]
        assert values[0] == values[1] == values[2], key


def test_the_command_says_it_and_its_exit_code_too(desk, package, tmp_path):
    run = CliRunner().invoke(vigie, ["verify", str(package), "--home", str(desk)])
    assert run.return_value == 0 or run.exit_code == 0
    assert run.output.count("\n") == len(NAMES) + 1
    folder = copied(package, tmp_path)
    tampering.edit_workbook(folder, random.Random(3), package)
    arguments = ["verify", str(folder), "--home", str(desk), "--lang", "nl"]
    run = CliRunner().invoke(vigie, arguments, standalone_mode=False)
    assert run.return_value == 1
    assert "FOUT" in run.output
    run = CliRunner().invoke(vigie, [*arguments, "--json"], standalone_mode=False)
    assert run.return_value == 1
    told = json.loads(run.output)
    assert not told["ok"]
    assert {one["check"] for one in told["checks"] if one["state"] == WRONG} >= {"formats"}


def test_the_key_for_recipients_is_enough_to_know_the_desk(desk, package, tmp_path, monkeypatch):
    """What `vigie desk-key` writes, put where the documentation says."""
    shutil.copytree(desk / "keys", tmp_path / "desk" / "keys")
    monkeypatch.setenv("VIGIE_HOME", str(tmp_path / "desk"))
    written = CliRunner().invoke(vigie, ["desk-key"]).stdout
    assert "PRIVATE" not in written
    known = tmp_path / "reader" / "keys" / "desk-former"
    known.mkdir(parents=True)
    (known / "desk.pub").write_text(written, encoding="utf-8")
    assert states(package, tmp_path / "reader")["signature"] == OK
    changed = CliRunner().invoke(vigie, ["desk-key", "--rotate"]).stdout
    assert changed != written
    assert states(package, tmp_path / "desk")["signature"] == OK
    (known / "desk.pub").write_text(changed, encoding="utf-8")
    assert states(package, tmp_path / "reader")["signature"] == WRONG


def test_who_has_no_key_is_told_that_nothing_proves_the_desk(desk, tmp_path, monkeypatch):
    """A package without a request, so that nothing else is wrong: the desk's, a stranger's."""
    package = made(desk, tmp_path / "out", commission=None)
    monkeypatch.setenv("VIGIE_HOME", str(desk))
    key = tmp_path / "desk.pub"
    key.write_text(CliRunner().invoke(vigie, ["desk-key"]).stdout, encoding="utf-8")
    monkeypatch.setenv("VIGIE_HOME", str(tmp_path / "nowhere"))

    def told(folder, *words):
        arguments = ["verify", str(folder), "--lang", "nl", *words]
        run = CliRunner().invoke(vigie, arguments, standalone_mode=False)
        return run.return_value, run.output

    code, said = told(package)
    assert code == 1
    assert "NIET BEWEZEN" in said
    assert "--key" in said.splitlines()[-1]
    found = json.loads(told(package, "--json")[1])
    assert not found["ok"]
    assert {one["check"] for one in found["checks"] if one["state"] == UNPROVEN} == {"signature"}
    code, said = told(package, "--key", str(key))
    assert (code, said.splitlines()[-1]) == (0, "Er is niets fout.")
    forged = copied(package, tmp_path / "forged")
    tampering.sign_anew(forged, tmp_path / "stranger")
    code, said = told(forged, "--key", str(key))
    assert code == 1
    assert "FOUT" in said
    # The key that is named counts, and no other.
    monkeypatch.setenv("VIGIE_HOME", str(tmp_path / "stranger"))
    assert told(forged)[0] == 0
    assert told(forged, "--key", str(key))[0] == 1


def test_a_key_file_that_is_none_is_one_sentence(package, tmp_path):
    for content in (b"", b"no key", None):
        key = tmp_path / "key.pub"
        key.unlink(missing_ok=True)
        if content is not None:
            key.write_bytes(content)
        run = CliRunner().invoke(
            vigie, ["verify", str(package), "--key", str(key)], standalone_mode=False
        )
        assert isinstance(run.exception, SigningKeyError)
        assert "desk-key" in str(run.exception)


def test_the_command_takes_one_thing_to_look_at(package):
    for arguments in ([], [str(package), "--register"], ["--register", "--key", "x"]):
        assert CliRunner().invoke(vigie, ["verify", *arguments]).exit_code == 2
