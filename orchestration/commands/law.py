"""`vigie law`: legal amounts and dates, explained.

Belongs here: handing the words over. Does not belong here: reading and answering them
(law/cli.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import click

from orchestration.commands.options import help_of


@click.command(
    help=help_of("law"),
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
