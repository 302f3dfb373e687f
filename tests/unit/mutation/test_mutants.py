"""The faults of the mutation run, and which models each has built again."""

from __future__ import annotations

from pathlib import Path
from queue import Queue

import pytest
import yaml

from tests.mutation import __main__ as run
from tests.mutation import equivalent, warm
from tests.mutation.areas import AREAS, ROOT
from tests.mutation.operators import mutants


def applied(name: str, text: str) -> list[str]:
    return [mutant.applied(text) for mutant in mutants(name, text)]


def test_sql_is_left_alone_where_a_change_would_say_nothing():
    text = "-- a < b\ncreate or replace macro m(a) as 'a < b' || {{ a < b }}"
    assert applied("m.sql", text) == []


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("where a <= b", ["where a < b"]),
        ("select 1 - a", ["select 2 - a", "select 1 + a"]),
        ("select min(a), b.min", ["select max(a), b.min"]),
        ("a is not null and b", ["a is null and b", "a is not null or b"]),
        ("inner join c using (d)", ["left join c using (d)"]),
    ],
)
def test_faults_of_sql(text, faults):
    assert applied("a.sql", text) == faults


def test_faults_of_python():
    text = 'def f(a, *b):\n    """1 < 2."""\n    return not a < -1\n'
    assert applied("a.py", text) == [
        text.replace("not ", " "),
        text.replace("a < -1", "a <= -1"),
        text.replace("a < -1", "a < +1"),
        text.replace("a < -1", "a < -2"),
    ]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("@dataclass(frozen=True, slots=True)\n", []),
        ("@dataclass(frozen=False)\n", ["@dataclass(frozen=True)\n"]),
        ("a: int = field(repr=False, compare=False)\n", []),
        ("a: int = field(init=False)\n", ["a: int = field(init=True)\n"]),
        ("zip(f(a), b, strict=True)\n", []),
        ("zip(a, b, strict=False)\n", ["zip(a, b, strict=True)\n"]),
        ("f(zip(a), strict=True)\n", ["f(zip(a), strict=False)\n"]),
        ("frozen = True\n", ["frozen = False\n"]),
    ],
)
def test_flags_that_no_answer_can_depend_on_are_no_faults(text, faults):
    assert applied("a.py", text) == faults


def test_a_fault_in_a_function_reaches_the_models_that_use_it_by_another(tmp_path, monkeypatch):
    for name, text in {
        "functions/f.sql": "create or replace macro one(a) as a + 1;\n"
        "create or replace macro two(a) as one(a);\n",
        "macros/m.sql": "{% macro three(a) -%}two({{ a }}){%- endmacro %}",
        "models/by_name.sql": "select one(1)",
        "models/by_macro.sql": "select {{ three(1) }}",
        "models/neither.sql": "select 1 as one_more",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    for place in ("_FUNCTIONS", "_MACROS", "_MODELS"):
        monkeypatch.setattr(warm, place, tmp_path / place[1:].lower())
    text = (tmp_path / "functions/f.sql").read_text()
    assert warm._changed_function(text, text.replace("+ 1", "+ 2")) == "one"
    assert warm._changed_function(text, text.replace("as one", "as  one")) == "two"
    assert warm._users("one") == ["by_macro", "by_name"]
    assert warm._users("two") == ["by_macro"]


@pytest.mark.parametrize("name", AREAS)
def test_every_area_has_faults_and_its_tests_are_there(name):
    area = AREAS[name]
    assert sum(len(mutants(path.name, (ROOT / path).read_text())) for path in area.paths()) > 50
    assert [test for test in area.tests if not (ROOT / test).exists()] == []


@pytest.mark.parametrize("name", ["law", "disclosure", "search"])
def test_every_test_of_the_folder_is_asked(name):
    """They are named one by one, because their order is that of their time."""
    (folder,) = {(ROOT / test).parent for test in AREAS[name].tests if "ledger" not in test}
    assert {ROOT / test for test in AREAS[name].tests} >= set(folder.glob("test_*.py"))


class Asked:
    """A judge of whom only the faults ending in 1 are noticed; remembers what it was asked."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def judged(self, _, text: str) -> dict:
        self.texts.append(text)
        return {"killed_by": "a_test" if text.endswith("1") else None, "cpu": 0.1}


def faults_of(path: Path) -> list[dict]:
    """The faults of a file as a run tells them."""
    found = mutants(path.name, path.read_text())
    return [run._told("area", Path(path.name), one) for one in found]


def test_what_was_judged_is_not_judged_again_until_its_file_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "ROOT", tmp_path)
    path, out, judge = tmp_path / "a.sql", tmp_path / "told", Asked()
    free: Queue = Queue()
    free.put(judge)

    def waiting() -> list[dict]:
        known = run._known(out)
        return [one for one in faults_of(path) if run._key(one) not in known]

    path.write_text("select a < b, 0")
    run._judged(waiting()[0], free, out)
    assert [one["new"] for one in waiting()] == ["1"]
    run._judged(waiting()[0], free, out)
    assert judge.texts == ["select a <= b, 0", "select a < b, 1"]
    assert [one["killed_by"] for one in run._known(out).values()] == [None, "a_test"]
    assert waiting() == []
    path.write_text("select c < d, 0")
    assert [one["new"] for one in waiting()] == ["<=", "1"]


@pytest.mark.parametrize(
    ("killed", "equivalent", "said", "is_wrong"),
    [
        (8, {9}, "10 faults judged, 1 change nothing; 8 of the other 9 killed (88.9 %)", True),
        (9, {9}, "10 faults judged, 1 change nothing; 9 of the other 9 killed (100.0 %)", False),
        (9, set(), "10 faults judged, 0 change nothing; 9 of the other 10 killed (90.0 %)", False),
        # What a test noticed changes something, whatever the list says.
        (9, {0}, "10 faults judged, 1 change nothing; 8 of the other 9 killed (88.9 %)", True),
        (10, {0}, "10 faults judged, 1 change nothing; 9 of the other 9 killed (100.0 %)", True),
    ],
)
def test_what_changes_nothing_is_left_out_of_the_share(capsys, killed, equivalent, said, is_wrong):
    judged = [
        {
            **{"file": "a.sql", "line": 1, "start": number, "old": "<", "new": "<=", "code": ""},
            "killed_by": "a_test" if number < killed else None,
        }
        for number in range(10)
    ]
    listed = {("a.sql", number, "<="): "It changes nothing." for number in equivalent}
    assert run._summed_up("area", judged, listed) is is_wrong
    assert f"area: {said}" in capsys.readouterr().out


def test_every_fault_that_changes_nothing_is_one_of_the_code_and_says_why():
    named = []
    for entry in equivalent.entries():
        found = entry.fitting()
        assert len(found) == 1, f"{entry}: the code has {len(found)} such faults; mend or drop it"
        assert entry.why.endswith("."), f"{entry}: the reason is a sentence"
        assert any(Path(entry.file) in area.paths() for area in AREAS.values()), entry.file
        named.append((entry.file, found[0]))
    assert len(named) == len(set(named)) == len(equivalent.equivalents())


def test_a_reason_that_several_share_is_used():
    text = equivalent.LIST.read_text(encoding="utf-8")
    for name in yaml.safe_load(text)["reasons"]:
        assert f"why: {name}" in text, name


def test_a_fault_that_is_not_in_the_code_any_more_is_none(tmp_path, monkeypatch):
    monkeypatch.setattr(equivalent, "ROOT", tmp_path)
    (tmp_path / "a.sql").write_text("select a < 0\nselect b < 0\nselect a < 0\n")

    def fitting(code: str, nth: int | None = None, old: str = "<") -> list[int]:
        entry = equivalent.Entry("a.sql", code, old, "<=", nth, "It changes nothing.")
        return [one.start for one in entry.fitting()]

    assert fitting("select b < 0") == [22]
    assert fitting("select c < 0") == fitting("select b < 0", old=">") == []
    assert fitting("select a < 0") == [9, 35]
    assert fitting("select a < 0", 2) == [35]
    assert fitting("select a < 0", 3) == []
