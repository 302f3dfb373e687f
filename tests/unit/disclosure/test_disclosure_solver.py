"""What a programme answers: values in their own size, no limit, no solution, time that runs out."""

from __future__ import annotations

import random

import highspy
import numpy as np
import pytest

from exports.disclosure.solver import Programme, Rows, compressed

INF = np.inf


def programme(low, high, rows=(), *, whole=None) -> Programme:
    """Columns from `low` to `high`; rows: (factors of all columns, low, high)."""
    size = len(low)
    at = [(r, c, f) for r, (factors, *_) in enumerate(rows) for c, f in enumerate(factors)]
    row, column, factor = (np.array(part) for part in zip(*at, strict=True)) if at else ([],) * 3
    start, columns, factors = compressed(
        np.array(row, int), np.array(column, int), np.array(factor, float), len(rows)
    )
    ends = np.array([one[1] for one in rows], float), np.array([one[2] for one in rows], float)
    made = Programme(
        np.array(low, float),
        np.array(high, float),
        Rows(start, columns, factors, *ends),
        whole=None if whole is None else np.full(size, whole),
    )
    made.set_objective(np.arange(size), np.ones(size))
    return made


@pytest.mark.parametrize("size", [1.0, 1e4, 3e9])
def test_values_come_back_in_the_size_they_were_given(size):
    """Above a hundred thousand the solver works in larger units; nobody sees them."""
    made = programme([0, 0], [4 * size, 4 * size], [([1, 2], -INF, 6 * size)])
    answer = made.maximise()
    assert answer.is_optimal
    assert [answer.value, answer.bound] == pytest.approx([5 * size] * 2)
    assert answer.point.tolist() == pytest.approx([4 * size, size])
    made.set_bounds(np.array([0]), np.array([size]), np.array([2 * size]))
    made.add_row(np.array([1]), np.ones(1), size, INF)
    assert made.maximise().point.tolist() == pytest.approx([2 * size, 2 * size])
    assert made.minimise().point.tolist() == pytest.approx([size, size])
    made.drop_rows_from(1)
    assert made.minimise().point.tolist() == pytest.approx([size, 0])


def test_no_limit_is_an_answer_without_a_point():
    made = programme([-INF], [INF])
    for answer, limit in ((made.maximise(), INF), (made.minimise(), -INF)):
        assert (answer.is_optimal, answer.point) == (True, None)
        assert answer.value == answer.bound == limit


def test_without_a_solution_any_bound_holds():
    made = programme([0], [1], [([1], 2, 3)])
    for answer, bound in ((made.maximise(), -INF), (made.minimise(), INF)):
        assert (answer.is_optimal, answer.value, answer.point) == (False, None, None)
        assert answer.bound == bound


def split_market(columns: int, rows: int) -> tuple[list, np.ndarray]:
    """Rows that halve random numbers, as near as they can: a puzzle of whole numbers whose last
    columns are what each row lacks and has too much. And a solution: nothing chosen.
    """
    rng = random.Random(5)
    told, lacks = [], []
    for row in range(rows):
        numbers = [rng.randrange(100) for _ in range(columns)]
        gap = [0] * 2 * rows
        gap[2 * row], gap[2 * row + 1] = 1, -1
        told.append(([*numbers, *gap], sum(numbers) // 2, sum(numbers) // 2))
        lacks += [sum(numbers) // 2, 0]
    return told, np.array([0] * columns + lacks, float)


def puzzle(columns: int, rows: int) -> tuple[Programme, np.ndarray]:
    told, nothing = split_market(columns, rows)
    many = [1] * columns + [100 * columns] * 2 * rows
    made = programme([0] * len(many), many, told, whole=True)
    costs = np.concatenate([np.zeros(columns), np.ones(2 * rows)])
    made.set_objective(np.arange(len(many)), costs)
    return made, nothing


def test_a_search_has_the_seconds_it_is_given():
    made, _ = puzzle(25, 2)
    assert made.minimise(120.0).is_optimal
    assert made.highs.getInfo().mip_node_count > 1


def test_the_best_that_was_found_when_time_runs_out_is_an_answer():
    made, nothing = puzzle(60, 6)
    answer = made.minimise(0.0, nothing)
    assert made.highs.getModelStatus() == highspy.HighsModelStatus.kTimeLimit
    assert not answer.is_optimal
    assert answer.value <= nothing.sum()
    assert answer.bound <= answer.value
    assert len(answer.point) == len(nothing)
