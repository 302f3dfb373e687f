"""The address that somebody asked for before they logged in, kept over the login.

Belongs here: what the browser keeps and takes up again. Does not belong here: who is let in
(entry.py).

A login leads to the root of the pages, whatever was asked for: a provider knows one address to
come back to, and Streamlit leads on from it to the root. So the browser keeps the address, in the
storage of this one tab, and takes it up once: only on the root, only an address of these pages.
Nothing of it passes through the provider or the server, so nobody can send a login elsewhere.
"""

import json

import streamlit as st

_KEY = "vigie_wanted"


def keep(lang: str) -> None:
    """Keep the address that is asked for, in the language that is shown."""
    _run(
        f"""
        const asked = new URL(location.href);
        asked.searchParams.set('lang', {json.dumps(lang)});
        sessionStorage.setItem({json.dumps(_KEY)}, asked.pathname + asked.search);
        """
    )


def take_up(root: str) -> None:
    """Lead to what was asked for before the login; to be drawn once, when somebody is let in.

    `root`: the path of the pages; whoever asks for another address than that meant it.
    """
    _run(
        f"""
        const kept = sessionStorage.getItem({json.dumps(_KEY)});
        sessionStorage.removeItem({json.dumps(_KEY)});
        const here = new URL(location.href);
        const names = [...here.searchParams.keys()].filter(name => name !== 'lang');
        if (kept && here.pathname === {json.dumps(root)} && !names.length) {{
            const there = new URL(kept, here.origin);
            if (there.origin === here.origin && there.href !== here.href)
                location.replace(there.href);
        }}
        """
    )


def _run(script: str) -> None:
    st.html(f"<script>{{{script}}}</script>", unsafe_allow_javascript=True)
