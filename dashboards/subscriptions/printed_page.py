"""One page, drawn and printed: run by `printing` as a session, on the current release.

Belongs here: the order of that run. Does not belong here: what a page shows. Nobody looks at it:
what is sent is written down by who sends it.
"""

import runpy

import streamlit as st

from dashboards import frame, navigation, sheet
from dashboards.paper import document
from dashboards.subscriptions.printing import ASKED, PRINTED

person, entry, language = st.session_state[ASKED]
reading = frame.open_page(entry, language, person, is_seen=False)
runpy.run_path(str(navigation.FOLDER / entry.file))
frame.close_page(reading, is_seen=False)
st.session_state[PRINTED] = document.page_pdf(reading, sheet.shown())
