"""From rows of marks to what a panel is computed from: one cell for each judge and entrant.

A unit is what one panel figure is computed over: a whole sheet, or one criterion. Absent, recused
and zero stay three different things: only a scored cell has a value.
"""

from dataclasses import dataclass
from fractions import Fraction

from contest.rulebooks.rules.vocabulary import Component, Criterion, Judging
from core.exact import round_if
from scoring.engine.data import ABSENT, SCORED, Mark
from scoring.engine.result import Problem


@dataclass(frozen=True)
class Cell:
    status: str
    value: Fraction | None
    parts: tuple[tuple[str, Fraction], ...] = ()


@dataclass(frozen=True)
class Unit:
    """`cells[entrant][judge]`, complete for every entrant who performed and has no problem."""

    criterion: str
    factor: Fraction
    cells: dict[str, dict[str, Cell]]


def criteria_of(judging: Judging, component: Component) -> tuple[Criterion, ...]:
    wanted = component.criteria
    return tuple(one for one in judging.criteria if not wanted or one.id in wanted)


def units_of_round(
    judging: Judging, component: Component, round_id: str, marks: list[Mark]
) -> tuple[list[Unit], list[Problem]]:
    """The units of one round, from the marks of that round and of active entrants."""
    criteria = criteria_of(judging, component)
    known = {one.id for one in criteria}
    by_key = {(m.entrant, m.judge, m.criterion): m for m in marks if m.criterion in known}
    entrants = sorted({entrant for entrant, _, _ in by_key})
    problems: list[Problem] = []
    units = []
    groups = [criteria] if judging.aggregate_over == "sheet" else [(one,) for one in criteria]
    for group in groups:
        ids = {one.id for one in group}
        judges = sorted({judge for _, judge, criterion in by_key if criterion in ids})
        cells: dict[str, dict[str, Cell]] = {}
        for entrant in entrants:
            row = {}
            for judge in judges:
                found = [by_key.get((entrant, judge, one.id)) for one in group]
                cell = _cell(judging, group, found)
                row[judge] = cell if isinstance(cell, Cell) else Cell(ABSENT, None)
                if not isinstance(cell, Cell):
                    problems.append(_problem(cell, entrant, round_id, judge, group, found))
            cells[entrant] = row
        sheet = judging.aggregate_over == "sheet"
        units.append(Unit("" if sheet else group[0].id, _factor(sheet, group), cells))
    return units, problems


def _factor(sheet: bool, group: tuple[Criterion, ...]) -> Fraction:
    """The criterion's factor; 1 for a sheet, whose marks were multiplied when it was added up."""
    return Fraction(1) if sheet else group[0].factor


def _cell(judging: Judging, group: tuple[Criterion, ...], found: list[Mark | None]) -> Cell | str:
    """The judge's cell, or the code of what is wrong with it."""
    present = [mark for mark in found if mark is not None]
    if not present and judging.missing_marks == "absent":
        return Cell(ABSENT, None)
    if len(present) < len(group):
        return "partial_sheet" if present else "missing_mark"
    statuses = {mark.status for mark in present}
    if len(statuses) > 1:
        return "partial_sheet"
    if statuses != {SCORED}:
        return Cell(statuses.pop(), None)
    if judging.aggregate_over == "criterion":
        return Cell(SCORED, present[0].value)
    parts = tuple((mark.criterion, mark.value) for mark in present if mark.value is not None)
    factors = {one.id: one.factor for one in group}
    total = sum((factors[criterion] * value for criterion, value in parts), Fraction(0))
    return Cell(SCORED, round_if(judging.rounding.sheet, total), parts)


def _problem(
    code: str,
    entrant: str,
    round_id: str,
    judge: str,
    group: tuple[Criterion, ...],
    found: list[Mark | None],
) -> Problem:
    missing = [one.id for one, mark in zip(group, found, strict=True) if mark is None]
    return Problem(code, entrant, round_id, missing[0] if missing else "", judge)
