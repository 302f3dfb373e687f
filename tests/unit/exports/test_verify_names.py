"""The name of a delivered folder, and folders in it, are of what was delivered too."""

# ruff: noqa: F811 - fixtures of the other tests of `vigie verify`

import zipfile

from exports.verify import verify_package
from tests.unit.exports.test_verify_package import (  # noqa: F401
    copied,
    desk,
    hand_out,
    package,
    slip_of,
    wrong,
)


def test_a_delivered_folder_bears_the_name_of_its_delivery(desk, package, tmp_path):
    """A period in a name is believed by whoever does not open it."""
    folder = copied(package, tmp_path)
    hand_out(folder, desk, slip_of(package))
    assert "2025" in folder.name
    renamed = folder.rename(folder.with_name(folder.name.replace("2025", "2024", 1)))
    assert wrong(renamed, desk) == {"files"}
    said = {one.key: one.sentence("en") for one in verify_package(renamed, desk)}
    assert f"delivered as {package.name}" in said["files_named"]
    assert wrong(renamed.rename(folder), desk) == set()


def test_an_empty_folder_is_none_of_the_package(desk, package, tmp_path):
    folder = copied(package, tmp_path)
    hand_out(folder, desk, slip_of(package))
    (folder / "empty" / "deep").mkdir(parents=True)
    assert "files" in wrong(folder, desk)
    path = tmp_path / "package.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for one in sorted(package.rglob("*")):
            archive.write(one, f"received/{package.name}/{one.relative_to(package)}")
    assert wrong(path, desk) == {"delivery"}
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("received/empty/", "")
    assert wrong(path, desk) == {"files"}
