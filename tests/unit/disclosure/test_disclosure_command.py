"""`vigie protect` and `vigie attack` seen from outside: exit codes, streams, files, bytes."""

from __future__ import annotations

import csv
import json
import subprocess
import sys

import pytest

from exports.disclosure.command import attack_file, protect_file
from exports.disclosure.rounding import round_table

ROW = {
    "cells": {"a": 2, "b": 9, "c": 7, "t": 18},
    "relations": [{"total": "t", "parts": ["a", "b", "c"]}],
    "rule": {"kind": "frequency", "threshold": 3},
}


@pytest.fixture
def spec(tmp_path):
    def write(content, name="spec.json"):
        path = tmp_path / name
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_protect_answers_on_standard_output(spec, capsys):
    assert protect_file(spec(ROW)) == 0
    out, err = capsys.readouterr()
    assert err == ""
    answer = json.loads(out)
    assert list(answer) == sorted(answer)
    assert set(answer) == {
        *("primary", "secondary", "suppressed", "derived_hidden", "required", "intervals"),
        *("exposed", "optimal", "bound", "cost", "explanations"),
    }
    assert answer["secondary"] == ["c"]
    assert answer["required"] == {"a": 3}
    assert set(answer["explanations"]) == set(answer["intervals"]) == set(answer["suppressed"])


def test_attack_writes_its_answer_and_exits_2_when_something_is_exposed(spec, tmp_path, capsys):
    out = tmp_path / "out.json"
    path = spec({**ROW, "suppressed": ["a"]})
    assert attack_file(path, out=out) == 2
    assert capsys.readouterr().out == ""
    answer = json.loads(out.read_text(encoding="utf-8"))
    assert not {"secondary", "optimal", "bound", "cost"} & set(answer)
    assert answer["exposed"][0]["kind"] == "interval"
    assert attack_file(spec({**ROW, "suppressed": ["a", "c"]})) == 0


def test_the_same_input_gives_the_same_bytes(spec, tmp_path):
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    turned = dict(reversed(ROW.items())) | {"cells": dict(reversed(ROW["cells"].items()))}
    assert protect_file(spec(ROW), out=first) == protect_file(spec(turned), out=second) == 0
    assert first.read_bytes() == second.read_bytes()


def test_a_refusal_writes_nothing(spec, tmp_path, capsys):
    out = tmp_path / "deep" / "out.json"
    assert protect_file(spec({**ROW, "previous": ["a"]}), out=out) == 2
    assert not out.parent.exists()
    streams = capsys.readouterr()
    assert streams.out == ""
    assert "« a »" in streams.err
    assert "t = a + b + c" in streams.err


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"colour": 1}, ["colour"]),
        ({"primary": ["z"]}, ["z", "primary"]),
        (
            {"relations": [{"total": "t", "parts": ["a", "b"]}, {"total": "c", "parts": ["a"]}]},
            ["« t »", "« c »"],
        ),
        ({"relations": [{"total": "t", "parts": ["a", "y"]}]}, ["y"]),
        ({"rule": {"kind": "frequency", "threshold": 3, "colour": 1}}, ["rule.colour"]),
        ({"rule": {"kind": "dominance", "n": 1, "k": 100}}, ["dominance"]),
        ({"rule": {"kind": "p_percent", "p": 50, "q": 40}}, ["p_percent"]),
        ({"integer": True, "cells": {**ROW["cells"], "x": 0.5}}, ["x"]),
        ({"cells": {"a": -1}, "relations": []}, ["a"]),
        ({"bounds": {"a": [3, 4]}}, ["a"]),
        ({"contributions": {"a": [1, 2]}}, ["a"]),
        ({"weights": {"a": [1]}}, ["weights", "a"]),
        ({"costs": {"a": -1}}, ["a"]),
        ({"time_budget_s": "long"}, ["time_budget_s"]),
        ({"suppressed": ["b"], "forced_published": ["b"]}, ["b"]),
    ],
)
def test_bad_input_is_one_sentence_per_fault(spec, capsys, wrong, named):
    assert protect_file(spec({**ROW, **wrong})) == 1
    streams = capsys.readouterr()
    assert streams.out == ""
    for word in named:
        assert word in streams.err


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"cells": {"a": NaN}}',
        '{"cells": {"a": 1, "a": 2}}',
        '{"cells": {}}',
        '{"cells": {"a": true}}',
        '{"cells": {"a": "1"}}',
        '{"cells": {"a": 1e999}}',
    ],
)
def test_what_is_no_specification_is_refused(spec, capsys, text):
    assert attack_file(spec(text)) == 1
    streams = capsys.readouterr()
    assert streams.out == ""
    assert len(streams.err) > 15


def test_a_missing_file_and_a_full_name_are_refused_in_words(tmp_path, spec, capsys):
    assert protect_file(tmp_path / "none.json") == 1
    assert "none.json" in capsys.readouterr().err
    assert protect_file(spec(ROW), out=tmp_path) == 1
    assert str(tmp_path) in capsys.readouterr().err


def test_the_command_line_starts_without_the_warehouse(spec):
    code = (
        "import sys; from orchestration.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "finally: print(*[m for m in ('dagster', 'dbt', 'pandas', 'streamlit')"
        " if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "protect", str(spec(ROW)), "--lang", "nl"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stderr.strip() == ""
    assert "Onveilig" in json.loads(done.stdout)["explanations"]["a"]


LONG = "commune,sex,n\nc1,M,3\nc1,F,12\nc2,M,20\nc2,F,17\nc3,M,9\nc3,F,11\nc4,M,30\nc4,F,2\n"
TREE = "code,parent\nN,\nS,\nc1,N\nc2,N\nc3,S\nc4,S\n"


def test_a_long_table_comes_to_the_same(spec, tmp_path, capsys):
    tree = spec(TREE, "tree.csv")
    how = {"dimensions": "commune,sex", "hierarchy": (f"commune={tree}",), "value": "n"}
    table = tmp_path / "protected.csv"
    assert protect_file(spec(LONG, "long.csv"), threshold=5, table=table, **how) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["primary"] == ["c1|M", "c4|F"]
    with table.open(encoding="utf-8") as file:
        rows = {(r["commune"], r["sex"]): r for r in csv.DictReader(file)}
    assert rows["_T", "_T"]["OBS_VALUE"] == "104"
    assert rows["c1", "M"] == {"commune": "c1", "sex": "M", "OBS_VALUE": "", "CONF_STATUS": "A"}
    hidden = {"|".join(codes) for codes, r in rows.items() if r["CONF_STATUS"] in "AD"}
    assert sorted(hidden) == answer["suppressed"]
    # Totals that stand in the table are checked.
    assert protect_file(spec(LONG + "N,_T,53\n", "wrong.csv"), threshold=5, **how) == 1
    assert "N|_T" in capsys.readouterr().err
    assert protect_file(spec(LONG + "N,_T,52\n", "right.csv"), threshold=5, **how) == 0
    assert json.loads(capsys.readouterr().out)["suppressed"] == answer["suppressed"]


def test_a_long_table_of_contributions_knows_its_holders(spec, capsys):
    rows = "region,firm,eur\nN,f1,900\nN,f2,50\nS,f1,300\nS,f3,320\nS,f4,310\n"
    options = spec({"rule": {"kind": "dominance", "n": 1, "k": 80}}, "options.json")
    how = {"dimensions": "region", "value": "eur", "contributor": "firm", "options": options}
    assert protect_file(spec(rows, "long.csv"), **how) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["primary"] == ["N"]
    assert answer["secondary"] == ["S"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("commune,n\nc1,1\n", "sex"),
        ("commune,sex,n\nc1,M,x\n", "2"),
        ("commune,sex,n\nc9,M,1\n", "c9"),
        ("commune,sex,n\nc1,M,1\nc1,M,2\n", "c1|M"),
        ("commune,sex,n\n", "long.csv"),
    ],
)
def test_a_bad_long_table_is_refused_with_its_place(spec, capsys, text, named):
    how = {"dimensions": "commune,sex", "hierarchy": (f"commune={spec(TREE, 'tree.csv')}",)}
    assert protect_file(spec(text, "long.csv"), value="n", **how) == 1
    assert named in capsys.readouterr().err


@pytest.mark.parametrize(
    ("tree", "named"),
    [
        ("c1,N\nc1,S\n", "« c1 »"),
        (",N\n", "« »"),
        ("_T,N\n", "« _T »"),
        ("c1,W\n", "parent W"),
        ("c1,N\nW,V\nV,W\n", "W"),
    ],
)
def test_a_bad_hierarchy_is_refused_by_its_code(spec, capsys, tree, named):
    """A code that stands twice, none at all, the total itself, an unknown parent, a circle."""
    file = spec(f"code,parent\nN,\nS,\n{tree}", "tree.csv")
    how = {"dimensions": "commune", "hierarchy": (f"commune={file}",), "value": "n"}
    assert protect_file(spec("commune,n\nc1,3\n", "long.csv"), threshold=5, **how) == 1
    said = capsys.readouterr().err
    assert named in said
    assert "tree.csv" in said


@pytest.mark.parametrize(
    ("heading", "dimensions", "named"),
    [
        ("region,OBS_VALUE,CONF_STATUS", "region,sex", "sex"),
        ("OBS_VALUE,CONF_STATUS", None, "--dimensions"),
    ],
)
def test_a_hidden_table_lacks_no_dimension(spec, capsys, heading, dimensions, named):
    table = spec(f"{heading}\n", "t.csv")
    assert attack_file(table, dimensions=dimensions) == 1
    assert named in capsys.readouterr().err


def test_rounding_tells_how_far_it_went(spec, capsys):
    assert protect_file(spec({**ROW, "integer": True}), base=5) == 0
    answer = json.loads(capsys.readouterr().out)
    changes = [abs(answer["rounded"][name] - value) for name, value in ROW["cells"].items()]
    assert answer["largest_change"] == max(changes)
    assert answer["total_change"] == sum(changes)
    assert answer["steps"] == 1


def test_a_multiple_of_the_base_is_not_rounded():
    """Although moving it would spare one change in its row and one in its column."""
    cells, relations = {"x": 5}, []
    for side in ("row", "column"):
        parts = [f"{side}{number}" for number in range(10)]
        cells |= dict.fromkeys(parts, 0.5) | {side: 10}
        relations.append({"total": side, "parts": ["x", *parts]})
    answer = round_table({"cells": cells, "relations": relations, "primary": []}, 5)
    assert [answer["rounded"][name] for name in ("x", "row", "column")] == [5, 10, 10]
    assert (answer["largest_change"], answer["total_change"]) == (4.5, 18)


def test_rounding_keeps_every_total_and_says_what_is_left(spec, capsys):
    assert protect_file(spec({**ROW, "integer": True}), base=5) == 0
    answer = json.loads(capsys.readouterr().out)
    rounded = answer["rounded"]
    assert rounded["t"] == rounded["a"] + rounded["b"] + rounded["c"]
    for name, value in ROW["cells"].items():
        assert rounded[name] % 5 == 0
        assert abs(rounded[name] - value) < 5
    low, high = answer["intervals"]["a"]
    assert high - low >= 3
    assert protect_file(spec({**ROW, "integer": True}), base=2) == 2
    assert "« a »" in capsys.readouterr().err
    assert protect_file(spec(ROW), base=0) == 1


def test_the_worked_table_of_the_guide_holds(spec, capsys):
    rows = "commune,sexe,n\nc1,M,3\nc1,F,12\nc2,M,20\nc2,F,17\nc3,M,9\nc3,F,11\n"
    how = {"dimensions": "commune,sexe", "value": "n", "threshold": 5}
    assert protect_file(spec(rows, "table.csv"), **how) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["primary"] == ["c1|M"]
    assert answer["secondary"] == ["c1|F", "c3|F", "c3|M"]
    assert answer["cost"] == {"count": 3, "value": 32}
    assert answer["intervals"]["c1|M"] == [0, 12]
    assert answer["optimal"]


def test_without_a_rule_no_table_leaves(spec, tmp_path, capsys):
    """No rule, no named cell, no threshold: refused in one sentence, nothing is written (H10)."""
    rows = "commune,sex,n\nc1,M,3\nc1,F,12\n"
    how = {"dimensions": "commune,sex", "value": "n"}
    table = tmp_path / "protected.csv"
    assert protect_file(spec(rows, "long.csv"), table=table, lang="en", **how) == 1
    said = capsys.readouterr()
    assert "--threshold" in said.err
    assert said.out == ""
    assert not table.exists()
    assert protect_file(spec({"cells": {"a": 3, "b": 5}})) == 1
    assert protect_file(spec({"cells": {"a": 3}, "rule": []})) == 1
    # A rule of contributions that looks at none of the cells judges nothing.
    rule = {"kind": "dominance", "n": 1, "k": 80}
    assert protect_file(spec({"cells": {"a": 3}, "rule": rule})) == 1
    assert protect_file(spec({"cells": {"a": 3}}), base=5) == 1
    assert protect_file(spec({"cells": {"a": 3, "b": 5}, "primary": ["a"]})) == 0


def test_free_is_written_only_where_something_was_judged(spec, tmp_path):
    """A rule of contributions looks at the cells that have some; the rest bears no status."""
    rows = "commune,n\nc1,3\nc2,20\nc3,30\n"
    options = spec(
        {"rule": {"kind": "dominance", "n": 1, "k": 80}, "contributions": {"c1": [1, 1, 1]}},
        "options.json",
    )
    how = {"dimensions": "commune", "value": "n", "options": options}
    table = tmp_path / "protected.csv"
    assert protect_file(spec(rows, "long.csv"), table=table, **how) == 0
    with table.open(encoding="utf-8") as file:
        statuses = {row["commune"]: row["CONF_STATUS"] for row in csv.DictReader(file)}
    assert statuses == {"c1": "F", "c2": "", "c3": "", "_T": ""}


@pytest.mark.parametrize(
    "total", ["Total", "TOTAL", "_T", "Totaal", "Ensemble", "Gesamt", "insgesamt", "Total général",
              "totaux", "Algemeen totaal", "Tous", " total "],
)  # fmt: skip
def test_a_total_by_name_is_a_total(spec, capsys, total):
    """Recognised in any of the languages: checked as a total, never a category."""
    rows = f"commune,n\nc1,3\nc2,20\nc3,30\n{total},53\n"
    how = {"dimensions": "commune", "value": "n", "threshold": 5}
    assert protect_file(spec(rows, "long.csv"), **how) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["primary"] == ["c1"]
    assert set(answer["explanations"]) <= {"c1", "c2", "c3", "_T"}
    assert protect_file(spec(rows.replace("53", "54"), "wrong.csv"), **how) == 1
    assert "« _T »" in capsys.readouterr().err


def test_a_sum_of_the_others_is_refused_by_its_name(spec, capsys):
    """Whatever it is called, in a row or in a column; with a hierarchy a code has its place."""
    rows = "commune,sex,n\nc1,M,3\nc1,F,12\nc2,M,20\nc2,F,17\nRegion,M,23\nRegion,F,29\n"
    how = {"dimensions": "commune,sex", "value": "n", "threshold": 5}
    assert protect_file(spec(rows, "long.csv"), lang="en", **how) == 1
    assert "Region" in capsys.readouterr().err
    rows = "sex,commune,n\nM,c1,3\nF,c1,12\nX,c1,15\nM,c2,20\nF,c2,17\nX,c2,37\n"
    assert protect_file(spec(rows, "long.csv"), lang="en", **how) == 1
    assert "“X” (sex)" in capsys.readouterr().err
    tree = spec("code,parent\nc1,\nc2,\nRegion,\n", "tree.csv")
    rows = "commune,n\nc1,3\nc2,20\nRegion,23\n"
    how = {"dimensions": "commune", "value": "n", "threshold": 5}
    assert protect_file(spec(rows, "long.csv"), hierarchy=(f"commune={tree}",), **how) == 0
    # Two equal categories are no sum.
    assert protect_file(spec("commune,n\nc1,20\nc2,20\n", "long.csv"), **how) == 0


def test_attack_reads_what_protect_writes(spec, tmp_path, capsys):
    """The protected table holds; with one secondary cell shown it falls."""
    how = {"dimensions": "commune,sex", "value": "n", "threshold": 5}
    table = tmp_path / "protected.csv"
    assert protect_file(spec(LONG, "long.csv"), table=table, **how) == 0
    protected = json.loads(capsys.readouterr().out)
    assert attack_file(table, suppressed="CONF_STATUS", threshold=5) == 0
    attacked = json.loads(capsys.readouterr().out)
    assert attacked["intervals"] == protected["intervals"]
    assert attacked["exposed"] == []
    assert attack_file(table) == 0
    capsys.readouterr()
    shown = table.read_text(encoding="utf-8").splitlines()
    line = next(one for one in shown if one.endswith(",,D"))
    codes = "|".join(line.split(",")[:2])
    values = {"c1|F": 12, "c2|M": 20, "c2|F": 17, "c3|M": 9, "c3|F": 11, "c4|M": 30}
    opened = line.removesuffix(",D").removesuffix(",") + f",{values[codes]},F"
    broken = tmp_path / "broken.csv"
    broken.write_text("\n".join(opened if one == line else one for one in shown), encoding="utf-8")
    assert attack_file(broken, suppressed="CONF_STATUS", threshold=5) == 2
    assert json.loads(capsys.readouterr().out)["exposed"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_attack_reads_both_separators_and_decimal_signs(spec, capsys, separator):
    """A column of its own words; totals under their names; a comma before the decimals."""
    sign = "," if separator != "," else "."
    lines = [("region", "eur", "hidden"), ("N", "", "x"), ("S", f"12{sign}50", ""),
             ("Total", f"20{sign}75", "")]  # fmt: skip
    text = "\n".join(separator.join(line) for line in lines)
    assert attack_file(spec(text, "t.csv"), suppressed="hidden", value="eur") == 2
    answer = json.loads(capsys.readouterr().out)
    assert answer["intervals"] == {"N": [8.25, 8.25]}
    assert [one["cell"] for one in answer["exposed"]] == ["N"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_protect_reads_both_separators(spec, capsys, separator):
    rows = LONG.replace(",", separator)
    how = {"dimensions": "commune,sex", "value": "n", "threshold": 5}
    assert protect_file(spec(rows, "long.csv"), **how) == 0
    assert json.loads(capsys.readouterr().out)["primary"] == ["c1|M", "c4|F"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("region,OBS_VALUE\nN,1\n", "CONF_STATUS"),
        ("region,OBS_VALUE,CONF_STATUS\nN,,F\n", "2"),
        ("region,OBS_VALUE,CONF_STATUS\nN,x,A\n", "x"),
        ("region,OBS_VALUE,CONF_STATUS\nN,1,F\nN,2,F\n", "N"),
        ("region,OBS_VALUE,CONF_STATUS\nN,9,F\nS,,A\n_T,5,F\n", "t.csv"),
        ("region,OBS_VALUE,CONF_STATUS\n", "t.csv"),
    ],
)
def test_a_bad_hidden_table_is_refused_with_its_place(spec, capsys, text, named):
    assert attack_file(spec(text, "t.csv"), suppressed="CONF_STATUS") == 1
    assert named in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "value"),
    [("1234.5", 1234.5), ("1234,5", 1234.5), ("1.234,5", 1234.5), ("1,234.5", 1234.5),
     ("1\u202f234,5", 1234.5), ("-3", -3), ("", None), ("x", None), ("nan", None)],
)  # fmt: skip
def test_numbers_of_a_csv(text, value):
    from exports.disclosure.csv_rows import read_number

    assert read_number(text) == value
