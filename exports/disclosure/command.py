"""`vigie protect` and `vigie attack`: files in, an answer or sentences out, exit codes.

Belongs here: reading, writing, exit codes (0 protected; 2 exposed, impossible or refused; 1 bad
input). Does not belong here: any judgement. A refusal writes nothing but its sentences.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from exports.disclosure.errors import BadTable, DisclosureError, ProtectionImpossible
from exports.disclosure.texts import say
from exports.faults import of_system


def protect_file(
    spec: Path,
    *,
    out: Path | None = None,
    lang: str = "fr",
    base: float | None = None,
    table: Path | None = None,
    threshold: float | None = None,
    **long_table: Any,
) -> int:
    """Protect the table of a file; `long_table`: how to read it when it is a CSV."""
    return _answer(lambda: _protected(spec, lang, base, table, threshold, long_table), out, lang)


def attack_file(spec: Path, *, out: Path | None = None, lang: str = "fr", **hidden: Any) -> int:
    """Attack the table of a file; `hidden`: how to read it when it is a CSV. 2 when something is
    exposed; the answer is written anyway."""
    from exports.disclosure import attack

    return _answer(lambda: (attack(_attacked(spec, lang, hidden), lang), {}), out, lang)


def _attacked(spec: Path, lang: str, hidden: dict[str, Any]) -> dict[str, Any]:
    from exports.disclosure.reading import read_file

    if spec.suffix.lower() != ".csv" and not hidden.get("suppressed"):
        return read_file(spec, lang)
    from exports.disclosure.hidden_table import read_hidden_table

    return read_hidden_table(spec, lang=lang, **hidden)


def _protected(spec, lang, base, table, threshold, long_table):
    from exports.disclosure.reading import read_file

    is_csv = spec.suffix.lower() == ".csv" or long_table.get("dimensions")
    if is_csv:
        from exports.disclosure.long_table import read_long_table

        source, request = read_long_table(spec, lang=lang, **long_table)
    else:
        source, request = None, read_file(spec, lang)
    if threshold is not None:
        given = request.get("rule", [])
        rules = given if isinstance(given, list) else [given]
        request = {**request, "rule": [*rules, {"kind": "frequency", "threshold": threshold}]}
    if base is not None:
        from exports.disclosure.rounding import round_table

        return round_table(request, base, lang), {}
    from exports.disclosure import judged_by, protect

    answer = protect(request, lang)
    if table is None:
        return answer, {}
    if source is None:
        raise BadTable([say("table_needs_csv", lang)])
    return answer, {table: source.write(answer, judged_by(request, lang))}


def _answer(work, out: Path | None, lang: str) -> int:
    from exports.disclosure.report import write

    try:
        answer, files = work()
        text = write(answer)
        for path, content in files.items():
            _write(path, content, lang)
        if out is None:
            sys.stdout.buffer.write(text.encode("utf-8"))
            sys.stdout.flush()
        else:
            _write(out, text, lang)
    except DisclosureError as error:
        for sentence in error.sentences:
            print(" ".join(sentence.split()), file=sys.stderr)
        return 2 if isinstance(error, ProtectionImpossible) else 1
    return 2 if answer.get("exposed") else 0


def _write(path: Path, text: str, lang: str) -> None:
    """Write a whole file or none."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            umask = os.umask(0)
            os.umask(umask)
            os.chmod(name, 0o666 & ~umask)
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = of_system(error, lang)
        raise BadTable([say("unwritable", lang, path=path, reason=reason)]) from error
