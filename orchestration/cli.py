"""The command line `vigie`. Each command reads its arguments and calls one function; heavy modules
load in it.

Exit codes: 0 done; 1 refused or failed, with the reason on standard error, one readable sentence
first; 2 the command was not understood (`protect` and `attack`: 1); of `diff` 1 says that something
differs, 3 that it failed. Does not belong here: the work of any command.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from orchestration import private
from orchestration.backup_command import backup
from orchestration.check_command import check
from orchestration.contracts_command import contracts
from orchestration.diff_command import diff
from orchestration.encrypt_command import encrypt
from orchestration.errors import AnotherRunError, SettingError, VigieError
from orchestration.explain_command import explain
from orchestration.extract_command import extract
from orchestration.forget_command import forget
from orchestration.interrupts import Terminated, heeded
from orchestration.letter_command import letter
from orchestration.notify_command import notify
from orchestration.options import FOLDER as _FOLDER
from orchestration.options import LANG as _LANG
from orchestration.options import Date as _Date
from orchestration.options import help_of as _help
from orchestration.options import language as _language
from orchestration.options import tell_version
from orchestration.request_commands import request
from orchestration.restore_command import restore
from orchestration.rollback_command import rollback
from orchestration.settings import LANGUAGES, Settings
from orchestration.texts import say
from orchestration.usage import asked_language, usage_sentence
from orchestration.verify_command import desk_key, verify


@click.group(help=_help("vigie"), context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=tell_version,
    help=_help("version"),
)
@click.option("--lang", type=click.Choice(LANGUAGES), help=_help("lang"))
def vigie(lang: str | None) -> None:
    """Group of all commands; each takes the language itself."""


vigie.add_command(request)
vigie.add_command(verify)
vigie.add_command(desk_key)
vigie.add_command(letter)
vigie.add_command(check)
vigie.add_command(contracts)
vigie.add_command(diff)
vigie.add_command(explain)
vigie.add_command(extract)
vigie.add_command(backup)
vigie.add_command(encrypt)
vigie.add_command(restore)
vigie.add_command(rollback)
vigie.add_command(forget)
vigie.add_command(notify)


@vigie.command(help=_help("run"))
@click.option("--landing", type=_FOLDER, help=_help("run.landing"))
@click.option("--as-of", type=_Date(), help=_help("run.as_of"))
@_language
def run(landing: Path | None, as_of: date | None, lang: str | None) -> int:
    """Load, build, audit, publish."""
    from orchestration.progress import choose_progress

    settings = Settings.from_env(landing=landing, lang=lang)
    settings.require_landing()
    start = time.monotonic()
    progress = choose_progress(settings.lang)
    try:
        from orchestration.execute import execute

        outcome = execute(settings, as_of, progress)
    except AnotherRunError as error:
        raise VigieError(say(settings.lang, "error.locked", detail=str(error))) from error
    finally:
        progress.close()
    for sentence in outcome.sentences:
        click.echo(sentence, err=True)
    from orchestration.summary import render

    click.echo(render(outcome, time.monotonic() - start))
    return outcome.exit_code


@vigie.command(help=_help("status"))
@click.option("--json", "as_json", is_flag=True, help=_help("status.json"))
@click.option("--metrics", is_flag=True, help=_help("status.metrics"))
@_language
def status(as_json: bool, metrics: bool, lang: str | None) -> int:
    """State of the data folder."""
    import json

    from orchestration.status import read_status, render

    settings = Settings.from_env(lang=lang)
    state = read_status(settings)
    if metrics:
        from orchestration.watch.alarms import judge
        from orchestration.watch.metrics import write

        click.echo(str(write(settings, state, judge(settings, state))))
        return 0
    click.echo(json.dumps(state, ensure_ascii=False) if as_json else render(settings, state))
    return 0


@vigie.command(help=_help("doctor"))
@click.option("--quick", is_flag=True, help=_help("doctor.quick"))
@click.option("--json", "as_json", is_flag=True, help=_help("status.json"))
@_language
def doctor(quick: bool, as_json: bool, lang: str | None) -> int:
    """Everything that lies in the data folder."""
    import json

    from orchestration.doctor import QUICK, WHOLE, examine

    settings = Settings.from_env(lang=lang)
    found = examine(settings, QUICK if quick else WHOLE)
    faults = [each.sentence(settings.lang) for each in found if each.is_fault]
    warnings = [each.sentence(settings.lang) for each in found if not each.is_fault]
    if as_json:
        click.echo(json.dumps({"faults": faults, "warnings": warnings}, ensure_ascii=False))
    else:
        for sentence in faults:
            click.echo(sentence, err=True)
        for sentence in warnings:
            click.echo(say(settings.lang, "doctor.warning", sentence=sentence))
        counts = {"faults": len(faults), "warnings": len(warnings), "home": settings.home}
        click.echo(say(settings.lang, "doctor.done", **counts))
    return 1 if faults else 0


@vigie.command(help=_help("accept"))
@click.argument("delivery", metavar="DELIVERY")
@click.option("--reason", required=True, help=_help("accept.reason"))
@_language
def accept(delivery: str, reason: str, lang: str | None) -> int:
    """Let a delivery that is held in at the next run."""
    from ingest.drop import accept as let_in

    settings = Settings.from_env(lang=lang)
    let_in(settings.home, delivery, reason)
    click.echo(say(settings.lang, "accept.done", delivery_id=delivery))
    return 0


@vigie.command(help=_help("sample"))
@click.option("--out", type=_FOLDER, required=True, help=_help("sample.out"))
@click.option("--affiliates", type=click.IntRange(min=1), help=_help("sample.affiliates"))
@click.option("--companies", type=click.IntRange(min=0), help=_help("sample.companies"))
@click.option("--from", "start", type=_Date(), help=_help("sample.from"))
@click.option("--to", "end", type=_Date(), help=_help("sample.to"))
@click.option("--deltas", type=click.IntRange(min=0), help=_help("sample.deltas"))
@click.option("--seed", type=int, help=_help("sample.seed"))
@click.option("--format", "fmt", type=click.Choice(["csv", "parquet"]), help=_help("sample.format"))
@_language
def sample(out: Path, lang: str | None, **options: Any) -> int:
    """Deliveries of the synthetic fund."""
    from orchestration.progress import choose_progress
    from sample import generate

    settings = Settings.from_env(lang=lang)
    progress = choose_progress(settings.lang)
    try:
        with progress.step("sample"):
            generate(out, **{name: value for name, value in options.items() if value is not None})
    finally:
        progress.close()
    click.echo(say(settings.lang, "sample.done", out=out))
    return 0


@vigie.command(help=_help("answer"))
@click.argument("codes", nargs=-1, required=True, metavar="CODE…")
@click.option("--period", required=True, help=_help("answer.period"))
@click.option("--profile", default="public", show_default=True, help=_help("answer.profile"))
@click.option("--as-of", type=_Date(), help=_help("answer.as_of"))
@click.option("--out", type=_FOLDER, required=True, help=_help("answer.out"))
@click.option("--earlier", type=_FOLDER, multiple=True, help=_help("answer.earlier"))
@_language
def answer(codes: Sequence[str], lang: str | None, **options: Any) -> int:
    """Statistics package."""
    from exports.answer import answer as write

    settings = Settings.from_env(lang=lang)
    # Packages exist in the two languages of the fund; English is for the command line alone.
    spoken = "nl" if settings.lang == "nl" else "fr"
    with heeded():
        package = write(list(codes), home=settings.home, lang=spoken, **options)
    for code in package.left_out:
        click.echo(say(settings.lang, "answer.left_out", code=code), err=True)
    for finding in package.findings:
        if not finding.passed:
            sentence = finding.sentence(spoken)
            said = {"rule": finding.rule, "code": finding.code, "sentence": sentence}
            click.echo(say(settings.lang, f"answer.{finding.level}", **said), err=True)
    for path in package.paths:
        click.echo(say(settings.lang, "answer.done", path=path))
    return 0


@vigie.command(help=_help("microdata"))
@click.option("--period", required=True, help=_help("microdata.period"))
@click.option("--profile", required=True, help=_help("microdata.profile"))
@click.option("--as-of", type=_Date(), help=_help("answer.as_of"))
@click.option("--out", type=_FOLDER, required=True, help=_help("answer.out"))
@_language
def microdata(lang: str | None, **options: Any) -> int:
    """Careers by quarter for INASTI."""
    from exports.microdata import write_microdata

    settings = Settings.from_env(lang=lang)
    spoken = "nl" if settings.lang == "nl" else "fr"
    with heeded():
        written = write_microdata(home=settings.home, lang=spoken, **options)
    for path in written.paths:
        rows = written.rows.get(path.name)
        key = "answer.done" if rows is None else "microdata.done"
        click.echo(say(settings.lang, key, path=path, rows=rows))
    return 0


@vigie.command(
    help=_help("law"),
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("question", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def law(ctx: click.Context, question: Sequence[str]) -> int:
    """Legal amounts and dates, explained; the words after `law` are read there, strictly."""
    from law.cli import main as answer_law
    from law.texts import LANGUAGES as SPOKEN

    lang = ctx.find_root().params.get("lang")
    if lang in SPOKEN and question and not any(word.startswith("--lang") for word in question):
        question = (*question, "--lang", lang)
    return answer_law(question)


@vigie.command(help=_help("protect"))
@click.argument("spec", type=click.Path(path_type=Path), metavar="SPEC.json|TABLE.csv")
@click.option("--out", type=click.Path(path_type=Path), help=_help("protect.out"))
@click.option("--dimensions", help=_help("protect.dimensions"))
@click.option("--hierarchy", multiple=True, metavar="DIM=FILE", help=_help("protect.hierarchy"))
@click.option("--value", default="value", show_default=True, help=_help("protect.value"))
@click.option("--contributor", help=_help("protect.contributor"))
@click.option("--options", type=click.Path(path_type=Path), help=_help("protect.options"))
@click.option("--threshold", type=float, help=_help("protect.threshold"))
@click.option("--table", type=click.Path(path_type=Path), help=_help("protect.table"))
@click.option("--round", "base", type=float, metavar="BASE", help=_help("protect.round"))
@_language
def protect(spec: Path, lang: str | None, **options: Any) -> int:
    """Disclosure control of any table."""
    from exports.disclosure.command import protect_file

    return protect_file(spec, lang=lang or _LANG, **options)


@vigie.command(help=_help("attack"))
@click.argument("spec", type=click.Path(path_type=Path), metavar="SPEC.json|TABLE.csv")
@click.option("--out", type=click.Path(path_type=Path), help=_help("protect.out"))
@click.option("--suppressed", metavar="COLUMN", help=_help("attack.suppressed"))
@click.option("--dimensions", help=_help("attack.dimensions"))
@click.option("--hierarchy", multiple=True, metavar="DIM=FILE", help=_help("protect.hierarchy"))
@click.option("--value", help=_help("attack.value"))
@click.option("--threshold", type=float, help=_help("attack.threshold"))
@_language
def attack(spec: Path, lang: str | None, **options: Any) -> int:
    """What an attacker works out of a table with hidden cells."""
    from exports.disclosure.command import attack_file

    return attack_file(spec, lang=lang or _LANG, **options)


@vigie.command(help=_help("serve"))
@click.option("--port", default=8501, show_default=True, help=_help("serve.dashboards_port"))
@click.option("--dagster-port", default=3000, show_default=True, help=_help("serve.dagster_port"))
@click.option(
    "--address", default="127.0.0.1", show_default=True, help=_help("serve.dashboards_address")
)
@click.option("--control", is_flag=True, help=_help("serve.control"))
@_language
def serve(port: int, dagster_port: int, address: str, control: bool, lang: str | None) -> int:
    """Dashboards, where people log in or on loopback, and the orchestration UI on loopback."""
    from orchestration.serve import serve as start

    start(Settings.from_env(lang=lang), port, dagster_port, address=address, control=control)
    return 0


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point: runs a command and turns any error into one sentence and an exit code."""
    private.set_mask()
    # What is logged goes to a file or nowhere: Python itself would write it on the screen.
    logging.getLogger("vigie").addHandler(logging.NullHandler())
    # dbt and the orchestrator colour and log by themselves when they find a terminal.
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")
    lang = asked_language(sys.argv[1:] if arguments is None else arguments)
    try:
        code = vigie.main(arguments, prog_name="vigie", standalone_mode=False)
    except click.UsageError as error:
        click.echo(usage_sentence(error, lang), err=True)
        # 2 has a meaning of its own there (disclosure.en.md): something can be worked out.
        code = 1 if error.ctx and error.ctx.info_name in ("protect", "attack") else 2
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        code = 1
    except (KeyboardInterrupt, click.Abort) as error:
        click.echo(say(lang, "error.interrupted"), err=True)
        # The parser makes an error of its own of it.
        code = 143 if isinstance(error.__cause__ or error, Terminated) else 130
    except BrokenPipeError:
        # Whoever read our output has gone (`| head`): what Python still holds of it goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except Exception as error:
        click.echo(_sentence(error, lang), err=True)
        # A command whose 1 says something else gives its errors a code of their own.
        code = getattr(error, "exit_code", 1)
    sys.exit(code or 0)


def _sentence(error: Exception, lang: str) -> str:
    """The sentence about what stopped a command; the details of a mistake of ours go to the log."""
    from ingest.faults import Owner
    from orchestration.faults import failure_sentence, owner
    from orchestration.logs import log_to_file

    try:
        settings = Settings.from_env(opens=False)
    except SettingError as wrong:
        return say(lang, "error.setting", detail=say(lang, wrong.key, **wrong.values))
    if owner(error) is Owner.OURS:
        with contextlib.suppress(OSError):  # no log without a data folder
            log_to_file(settings)
        logging.getLogger("vigie").error("command failed", exc_info=error)
    return failure_sentence(settings, lang, "command", error)


if __name__ == "__main__":
    main()
