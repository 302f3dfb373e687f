"""`make diff BASE=<commit>`: what a change of the code changes in the figures.

A synthetic fund is built twice in data folders of their own: by the code of BASE (a work tree of
git) and by the code that lies here, changes not committed included; then the two releases are
compared. The fund is nobody's, and BASE may not know how to encrypt: both folders are plain,
whatever `VIGIE_ENCRYPTION_KEY` says. Belongs here: making both. Does not belong here: comparing
(release/difference), telling (commands/diff_view.py).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.pseudonym import ensure_key
from orchestration.commands import diff_view
from orchestration.files import write_whole
from orchestration.interrupts import heeded
from orchestration.settings import PROJECT, Settings
from orchestration.texts import say
from release.difference.compare import compare
from release.reader import open_release
from storage import key

LOCK = "requirements/all.txt"


class CodeDiffError(Exception):
    """The two releases cannot be made; the message is one sentence."""


def main() -> int:
    """Build both, tell what differs; 0 whether or not something does, 1 when it failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", help="the commit to compare with")
    parser.add_argument("--affiliates", type=int, default=300)
    parser.add_argument("--companies", type=int, default=200)
    arguments = parser.parse_args()
    # Nothing of the data folder is read: it need not go with the key.
    settings = Settings.from_env(opens=False)
    os.environ.pop(key.VARIABLE, None)
    try:
        with heeded(), tempfile.TemporaryDirectory(prefix="vigie-code-diff-") as name:
            page = _compare(settings, arguments, Path(name))
    except CodeDiffError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # the work tree is gone by then
        print(say(settings.lang, "error.interrupted"), file=sys.stderr)
        return 130
    print(say(settings.lang, "answer.done", path=page))
    return 0


def _compare(settings: Settings, arguments: argparse.Namespace, folder: Path) -> Path:
    lang = settings.lang
    commit = _git(lang, "rev-parse", "--verify", "--quiet", f"{arguments.base}^{{commit}}")
    with _work_tree(lang, commit, folder / "base") as base:
        if (base / LOCK).read_bytes() != (PROJECT / LOCK).read_bytes():
            print(say(lang, "code_diff.packages", file=LOCK), flush=True)
        landing = folder / "landing"
        size = ["--affiliates", str(arguments.affiliates), "--companies", str(arguments.companies)]
        # One fund for both, made by the code here: a change of the sample is none of the figures.
        _vigie(lang, PROJECT, folder / "here", "sample", "--out", str(landing), *size)
        _one_key(folder / "before", folder / "after")
        for code, home in ((base, folder / "before"), (PROJECT, folder / "after")):
            title = commit[:12] if code == base else say(lang, "code_diff.here")
            print(say(lang, "code_diff.builds", code=title), flush=True)
            _vigie(lang, code, home, "run", "--landing", str(landing))
    found = compare(open_release(folder / "before"), open_release(folder / "after"))
    for line in diff_view.as_text(found, lang):
        print(line)
    page = settings.out / f"diff_{commit[:12]}.html"
    write_whole(page, diff_view.as_html(found, lang))
    return page


def _one_key(*homes: Path) -> None:
    """The same key of pseudonyms in every data folder: else each person differs by its pseudonym,
    and the page tells all of them as changed, whatever the code.
    """
    first, *others = homes
    ensure_key(first, may_create=True)
    for home in others:
        shutil.copytree(first / "keys", home / "keys")


@contextmanager
def _work_tree(lang: str, commit: str, folder: Path) -> Iterator[Path]:
    _git(lang, "worktree", "add", "--quiet", "--detach", str(folder), commit)
    try:
        yield folder
    finally:
        _git(lang, "worktree", "remove", "--force", str(folder))


def _git(lang: str, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        said = " ".join(done.stderr.split())[:300] or say(lang, "code_diff.no_commit")
        raise CodeDiffError(say(lang, "code_diff.git", command=words[0], said=said))
    return done.stdout.strip()


def _vigie(lang: str, code: Path, home: Path, *words: str) -> None:
    """Run a command by the code of a folder, in a data folder, with the packages that are here."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VIGIE_")}
    environment = {
        **kept,
        "VIGIE_HOME": str(home),
        "VIGIE_LANG": lang,
        "VIGIE_STATISTICS": "",
        "PYTHONPATH": str(code),
    }
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", *words],
        cwd=code,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = " ".join(done.stderr.split())[:500]
        raise CodeDiffError(say(lang, "code_diff.failed", command=words[0], said=said))


if __name__ == "__main__":
    sys.exit(main())
