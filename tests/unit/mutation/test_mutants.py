"""The faults of the mutation run, and which models each has built again."""

from __future__ import annotations

import pytest

from tests.mutation import __main__ as run
from tests.mutation import warm
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


class Asked:
    """A judge of whom only the faults ending in 1 are noticed; remembers what it was asked."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def judged(self, _, text: str) -> dict:
        self.texts.append(text)
        return {"killed_by": "a_test" if text.endswith("1") else None, "cpu": 0.1}


def test_what_was_judged_is_not_judged_again_until_its_file_changes(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(run, "ROOT", tmp_path)
    path, out = tmp_path / "a.sql", tmp_path / "told"

    def faults() -> list:
        return [(path, one) for one in mutants(path.name, path.read_text())]

    path.write_text("select a < b, 0")
    first, again, changed = Asked(), Asked(), Asked()
    assert run._run("area", faults()[:1], [first], out)
    assert run._run("area", faults(), [again], out)
    assert (first.texts, again.texts) == (["select a <= b, 0"], ["select a < b, 1"])
    assert "area: 1 of 2 faults killed (50.0 %)" in capsys.readouterr().out
    path.write_text("select c < d, 0")
    run._run("area", faults(), [changed], out)
    assert changed.texts == ["select c <= d, 0", "select c < d, 1"]
