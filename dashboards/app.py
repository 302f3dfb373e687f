"""Entry of the pages: language, navigation, then the page that was asked for, in its frame.

Belongs here: what comes before a page. Does not belong here: anything a page shows, its head and
foot (frame). Started with
`streamlit run dashboards/app.py` (or `vigie serve`).
"""

import logging
import os
import sys
from pathlib import Path

# Streamlit puts this folder on the import path, not the one above, where the packages are.
_ROOT = str(Path(__file__).resolve().parents[1])
if _ROOT not in sys.path:
    sys.path.append(_ROOT)

import streamlit as st  # noqa: E402

from dashboards import frame, navigation, spoken  # noqa: E402
from dashboards.access import entry as door  # noqa: E402
from dashboards.i18n import DEFAULT, LANGUAGES, Language  # noqa: E402
from release.errors import NoReleaseError, ReleaseError  # noqa: E402
from storage.errors import EncryptionError  # noqa: E402

# What a page writes is for the account it runs under alone (orchestration/private.py).
os.umask(0o077)
_log = logging.getLogger(__name__)
_SIDEBAR_WIDTH = 260


def choose_language() -> Language:
    """Return the language of the session; the address keeps it for the next visit."""
    if "lang" not in st.session_state:
        asked = st.query_params.get("lang", DEFAULT)
        st.session_state.lang = asked if asked in LANGUAGES else DEFAULT
    lang = st.session_state.lang
    if st.query_params.get("lang") != lang:
        st.query_params["lang"] = lang
    return Language(lang)


def main() -> None:
    """Draw one rerun: everything on it comes from one release."""
    language = choose_language()
    name = language.text("app_name")
    st.set_page_config(
        page_title=name,
        # A file of ours, said before the navigation: the icons of pages by name would be fetched
        # from another machine.
        page_icon=str(navigation.FOLDER / "icon.svg"),
        layout="wide",
        initial_sidebar_state=_SIDEBAR_WIDTH,
    )
    st.html(navigation.FOLDER / "pages.css")
    with st.sidebar:
        st.segmented_control(
            language.text("language"), LANGUAGES, format_func=str.upper, required=True, key="lang"
        )
        spoken.tell(language.code)
    person = door.who(language)
    sections, by_address = navigation.build(language.code, person.right.pages)
    # Every page is shown at once: a folded list would hide those of the last audience.
    page = st.navigation(sections, expanded=True)
    st.set_page_config(page_title=f"{page.title} · {name}")
    entry = by_address.get(page.url_path)
    if entry is None:
        st.warning(language.text("page_unknown"), icon=":material/link_off:")
        st.stop()
    if entry.id not in person.right.pages:
        door.not_yours(language, page.title, person)
        st.stop()
    try:
        reading = frame.open_page(entry, language, person)
        page.run()
        frame.close_page(reading)
    except NoReleaseError:
        st.info(language.text("no_release"))
    except ReleaseError as error:
        st.error(language.text("broken_release", reason=error.sentence(language.code)))
    except EncryptionError as error:
        # Where the key lies is for who keeps the server, not for every reader.
        _log.error("page %s: %s", entry.id, error)
        st.error(language.text("key_does_not_fit"))
    except Exception:
        # A reader gets a sentence in their language; the trace is for the log.
        _log.exception("page %s", entry.id)
        st.error(language.text("page_failed"))


main()
