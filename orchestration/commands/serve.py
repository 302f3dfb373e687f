"""`vigie serve`: the pages and the orchestrator.

Belongs here: reading the arguments. Does not belong here: starting and watching them
(orchestration/serve.py).
"""

from __future__ import annotations

import click

from orchestration.commands.options import help_of, language
from orchestration.settings import Settings


@click.command(help=help_of("serve"))
@click.option("--port", default=8501, show_default=True, help=help_of("serve.dashboards_port"))
@click.option("--dagster-port", default=3000, show_default=True, help=help_of("serve.dagster_port"))
@click.option(
    "--address", default="127.0.0.1", show_default=True, help=help_of("serve.dashboards_address")
)
@click.option("--control", is_flag=True, help=help_of("serve.control"))
@language
def serve(port: int, dagster_port: int, address: str, control: bool, lang: str | None) -> int:
    """Dashboards, where people log in or on loopback, and the orchestration UI on loopback."""
    from orchestration.serve import serve as start

    start(Settings.from_env(lang=lang), port, dagster_port, address=address, control=control)
    return 0
