"""The command line `vigie`: its group, and what becomes of an error.

Exit codes: 0 done; 1 refused or failed, with the reason on standard error, one readable sentence
first; 2 the command was not understood (`protect` and `attack`: 1); of `diff` 1 says that something
differs, 3 that it failed. Does not belong here: a command (commands).
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Sequence

import click

from orchestration import private
from orchestration.commands.accept import accept
from orchestration.commands.answer import answer
from orchestration.commands.backup import backup
from orchestration.commands.check import check
from orchestration.commands.contracts import contracts
from orchestration.commands.diff import diff
from orchestration.commands.doctor import doctor
from orchestration.commands.encrypt import encrypt
from orchestration.commands.explain import explain
from orchestration.commands.extract import extract
from orchestration.commands.forget import forget
from orchestration.commands.help_view import in_our_words
from orchestration.commands.law import law
from orchestration.commands.letter import letter
from orchestration.commands.microdata import microdata
from orchestration.commands.notify import notify
from orchestration.commands.options import help_of, tell_version
from orchestration.commands.protect import attack, protect
from orchestration.commands.request import request
from orchestration.commands.restore import restore
from orchestration.commands.rollback import rollback
from orchestration.commands.run import run
from orchestration.commands.sample import sample
from orchestration.commands.serve import serve
from orchestration.commands.status import status
from orchestration.commands.verify import desk_key, verify
from orchestration.errors import SettingError
from orchestration.interrupts import Terminated
from orchestration.settings import Settings
from orchestration.texts import LANGUAGES, say
from orchestration.usage import asked_language, usage_sentence


@click.group(help=help_of("vigie"), context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=tell_version,
    help=help_of("version"),
)
@click.option("--lang", type=click.Choice(LANGUAGES), help=help_of("lang"))
def vigie(lang: str | None) -> None:
    """Group of all commands; each takes the language itself."""


for _command in (
    accept,
    answer,
    attack,
    backup,
    check,
    contracts,
    desk_key,
    diff,
    doctor,
    encrypt,
    explain,
    extract,
    forget,
    law,
    letter,
    microdata,
    notify,
    protect,
    request,
    restore,
    rollback,
    run,
    sample,
    serve,
    status,
    verify,
):
    vigie.add_command(_command)
in_our_words(vigie)


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
