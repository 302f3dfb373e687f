"""A data folder as a server of the pages has it open: what is read once is kept, as there.

Belongs here: opening and letting go. Does not belong here: what lies in the folder (tests/worlds).
"""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st
from streamlit import config

from dashboards.access import view
from release.reader import close_all

_SETTINGS = Path(__file__).parents[3] / "dashboards" / ".streamlit" / "config.toml"


def set_as_served() -> None:
    """Set what a server of the pages reads from beside them; a test of a page has no server."""
    for section, options in tomllib.loads(_SETTINGS.read_text(encoding="utf-8")).items():
        for name, value in options.items():
            if section != "theme":
                config.set_option(f"{section}.{name}", value)


@contextmanager
def opened(folder: Path) -> Iterator[Path]:
    """A folder with nothing kept from another one, before and afterwards."""
    _let_go()
    try:
        yield folder
    finally:
        _let_go()


def remove_written(folder: Path) -> None:
    """Remove what looking has written into a folder of `seen_from`: accesses, notes, a register."""
    for entry in folder.iterdir():
        if entry.is_symlink():
            continue
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _let_go() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()
    view.close_all()
    close_all()
