"""What a screen reader would be told wrong by Streamlit, put right in the browser: the language of
the document, its English words, lists that are none, and a panel that the keys do not reach.

Belongs here: handing the words of one language to the script (spoken.js, spoken.yaml). Does not
belong here: texts of ours (i18n), where the keys are seen (pages.css).
"""

import json
from functools import cache
from pathlib import Path

import streamlit as st
import yaml

_FOLDER = Path(__file__).parent


def tell(lang: str) -> None:
    """Have the page say in `lang` what surrounds ours."""
    st.html(f"<script>{_script(lang)}</script>", unsafe_allow_javascript=True)


@cache
def said(lang: str) -> dict[str, str]:
    """Return what is said for each English word; {} stands for the rest of either."""
    entries = yaml.safe_load((_FOLDER / "spoken.yaml").read_text(encoding="utf-8"))
    return {entry["en"]: entry[lang] for entry in entries}


@cache
def _script(lang: str) -> str:
    script = (_FOLDER / "spoken.js").read_text(encoding="utf-8")
    # No word may end the script that holds it.
    words = json.dumps(said(lang), ensure_ascii=False).replace("</", "<\\/")
    return script.replace("'__LANG__'", json.dumps(lang)).replace("'__SAID__'", words)
