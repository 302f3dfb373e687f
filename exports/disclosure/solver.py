"""Linear and mixed-integer programmes on HiGHS, kept warm between questions.

Belongs here: handing a matrix to the solver and reading its answer. Does not belong here: what any
column or row means. One thread and a fixed seed: the same questions give the same answers.

Source: Huangfu and Hall, Parallelizing the dual revised simplex method (2018).
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

OPTIMAL = highspy.HighsModelStatus.kOptimal
_INTEGER = highspy.HighsVarType.kInteger
_CONTINUOUS = highspy.HighsVarType.kContinuous
_ANSWERED = {
    OPTIMAL,
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnbounded,
    highspy.HighsModelStatus.kTimeLimit,
}
_PRIMAL, _DUAL = 4, 1
LARGEST = 1e5


@dataclass(frozen=True)
class Rows:
    """Rows `low` <= A x <= `high`, A by rows: `start` (one more than rows), `column`, `factor`."""

    start: np.ndarray
    column: np.ndarray
    factor: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def __len__(self) -> int:
        return len(self.low)


def compressed(row, column, factor, rows: int):
    """Entries by rows: where each row starts, columns, factors."""
    order = np.lexsort((column, row))
    start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=rows))]).astype(np.int32)
    return start, column[order].astype(np.int32), factor[order].astype(float)


@dataclass(frozen=True)
class Answer:
    """`value` and `point` of the best solution found (None: none; infinite, without a point: there
    is no limit); `bound`: no solution is better; `duals`: one per row (linear programmes).
    """

    is_optimal: bool
    value: float | None
    point: np.ndarray | None
    bound: float
    duals: np.ndarray | None


class Programme:
    """One model that is asked many questions: other bounds, other objectives, more rows.

    All columns have objective 0 until one is set. `whole`: mask of whole-number columns.
    """

    def __init__(
        self,
        low: np.ndarray,
        high: np.ndarray,
        rows: Rows,
        *,
        whole: np.ndarray | None = None,
        changes_bounds: bool = False,
    ) -> None:
        self.size = len(low)
        self.highs = highspy.Highs()
        option = self.highs.setOptionValue
        option("output_flag", False)
        option("threads", 1)
        option("parallel", "off")
        option("random_seed", 7)
        option("infinite_bound", 1e20)
        option("primal_feasibility_tolerance", 1e-9)
        option("dual_feasibility_tolerance", 1e-9)
        self.is_whole = whole is not None and bool(whole.any())
        # Thousands of millions are solved in larger units: the solver's tolerances are absolute.
        sizes = np.abs(np.concatenate([low, high]))
        largest = np.max(sizes, initial=0.0, where=np.isfinite(sizes))
        self.unit = max(1.0, largest / LARGEST) if not self.is_whole else 1.0
        if self.is_whole:
            option("mip_feasibility_tolerance", 1e-7)
            option("mip_rel_gap", 0.0)
        else:
            option("presolve", "off")
            option("solver", "simplex")
            option("simplex_strategy", _DUAL if changes_bounds else _PRIMAL)
        # All arrays at once: a model object takes them number by number.
        size, entries = self.size, len(rows.column)
        kinds = np.zeros(size, dtype=np.int32)
        if self.is_whole:
            kinds[whole] = int(_INTEGER)
        self.highs.passModel(
            size,
            len(rows),
            entries,
            int(highspy.MatrixFormat.kRowwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            np.zeros(size),
            low / self.unit,
            high / self.unit,
            rows.low / self.unit,
            rows.high / self.unit,
            rows.start[:-1].astype(np.int32),
            rows.column.astype(np.int32),
            rows.factor.astype(float),
            kinds,
        )
        self._costed = np.empty(0, dtype=np.int32)

    def set_bounds(self, columns: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        """Replace the bounds of some columns."""
        columns = np.asarray(columns, dtype=np.int32)
        self.highs.changeColsBounds(len(columns), columns, low / self.unit, high / self.unit)

    def add_row(self, columns: np.ndarray, factors: np.ndarray, low: float, high: float) -> None:
        """Add one row."""
        columns = np.asarray(columns, dtype=np.int32)
        low, high = low / self.unit, high / self.unit
        self.highs.addRow(low, high, len(columns), columns, np.asarray(factors, dtype=float))

    def drop_rows_from(self, first: int) -> None:
        """Remove every row from number `first` on."""
        last = self.highs.getNumRow()
        if last > first:
            self.highs.deleteRows(last - first, np.arange(first, last, dtype=np.int32))

    def set_objective(self, columns: np.ndarray, costs: np.ndarray) -> None:
        """Give these columns a cost and all others none."""
        columns = np.asarray(columns, dtype=np.int32)
        if len(self._costed):
            zeros = np.zeros(len(self._costed))
            self.highs.changeColsCost(len(self._costed), self._costed, zeros)
        self.highs.changeColsCost(len(columns), columns, np.asarray(costs, dtype=float))
        self._costed = columns

    def set_integer_columns(self, are_whole: bool) -> None:
        """Switch a mixed-integer programme between itself and its linear relaxation."""
        kind = _INTEGER if are_whole else _CONTINUOUS
        everything = np.arange(self.size, dtype=np.int32)
        self.highs.changeColsIntegrality(self.size, everything, np.array([kind] * self.size))

    def maximise(self, seconds: float | None = None) -> Answer:
        """Solve for the largest objective."""
        return self._solve(highspy.ObjSense.kMaximize, seconds, None, None)

    def minimise(
        self,
        seconds: float | None = None,
        hint: np.ndarray | None = None,
        gap: float | None = None,
    ) -> Answer:
        """Solve for the smallest objective. `hint`: a solution to begin with. `gap`: absolute
        distance to the bound at which a whole-number search may stop.
        """
        return self._solve(highspy.ObjSense.kMinimize, seconds, hint, gap)

    def _solve(self, sense, seconds, hint, gap) -> Answer:
        highs = self.highs
        highs.changeObjectiveSense(sense)
        # HiGHS counts its clock over all runs of a model.
        limit = highspy.kHighsInf if seconds is None else highs.getRunTime() + max(seconds, 0.01)
        highs.setOptionValue("time_limit", limit)
        if gap is not None:
            highs.setOptionValue("mip_abs_gap", gap)
        if hint is not None:
            solution = highspy.HighsSolution()
            solution.col_value = hint.tolist()
            highs.setSolution(solution)
        highs.run()
        if not self.is_whole and highs.getModelStatus() not in _ANSWERED:
            # A warm start that led nowhere: once more from nothing.
            highs.clearSolver()
            highs.run()
        status = highs.getModelStatus()
        info = highs.getInfo()
        solution = highs.getSolution()
        is_optimal = status == OPTIMAL
        found = is_optimal or info.primal_solution_status == 2
        point = self.unit * np.array(solution.col_value) if found else None
        worst = -np.inf if sense == highspy.ObjSense.kMinimize else np.inf
        if status == highspy.HighsModelStatus.kUnbounded:
            return Answer(True, worst, None, worst, None)
        if status == highspy.HighsModelStatus.kInfeasible:
            bound = -worst
        elif is_optimal and not self.is_whole:
            bound = self.unit * info.objective_function_value
        else:
            bound = info.mip_dual_bound if self.is_whole else worst
        return Answer(
            is_optimal=is_optimal and found,
            value=self.unit * info.objective_function_value if found else None,
            point=point,
            bound=bound,
            duals=np.array(solution.row_dual) if is_optimal and not self.is_whole else None,
        )
