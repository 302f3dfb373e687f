"""The first page tells each role what it has to know, and nothing that is not for it."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.i18n import Language
from tests.unit.dashboards.drawn import healthy, page_script, query, words_of

pytestmark = pytest.mark.usefixtures("fund")
FR = Language("fr")


def _home(*roles: str) -> AppTest:
    script = page_script("views/start/home.py", "fr")
    if roles:
        script = script.replace("everybody()", f"demonstration({roles!r})")
        script = script.replace("import everybody", "import demonstration")
    return healthy(AppTest.from_string(script, default_timeout=120).run())


def test_everything_on_one_page():
    app = _home()
    told = words_of(app)
    for part in ("Les cinq chiffres", "Recouvrement", "Promesses", "statistiques", "Données"):
        assert part in told
    ((accounts,),) = query("select count(*) from recovery.mart_worklist")
    values = {metric.label: metric.value for metric in app.metric}
    assert values["Comptes"] == FR.number(accounts)
    assert len(app.metric) >= 5 + 4 + 4 + 3


@pytest.mark.parametrize(
    ("role", "shown", "hidden"),
    [
        ("management", "Les cinq chiffres", ("Recouvrement", "Demandes de statistiques")),
        ("recovery", "Recouvrement", ("Demandes de statistiques",)),
        ("statistics", "Demandes de statistiques", ()),
        ("operations", "Données", ("Recouvrement", "Les cinq chiffres")),
    ],
)
def test_each_role_sees_its_own(role, shown, hidden):
    app = _home(role)
    headings = "\n".join(str(heading.value) for heading in app.header)
    assert shown in headings
    assert not [one for one in hidden if one in headings]


def test_promises_below_their_target_are_named_with_their_offices():
    app = _home()
    twin = next(f.value for f in app.dataframe if "Objectif" in f.value.columns)
    quarters = sorted(set(twin["Trimestre"]))
    expected = query(
        "select distinct code from service.mart_commitments where not is_met"
        " and list_contains($quarters, quarter)"
        # An office with fewer items than this is not named by its share (ruling H13).
        " and (office_code = 'ALL' or unit <> 'share' or denominator >= 30)",
        quarters=quarters,
    )
    assert set(twin["Indicateur"]) == {code for (code,) in expected}
