"""The judges' part: from cells to panel figures, rounds and an entrant's raw figure."""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from contest.rulebooks.rules.vocabulary import Aggregate, Component, Judging, Round
from core.exact import round_if
from scoring.engine.data import Mark, ScoringData
from scoring.engine.marks import Cell, Unit, units_of_round
from scoring.engine.normalise import average_places, normalise
from scoring.engine.result import MarkFigure, PanelFigure, Problem, RoundFigure

_EQUAL_PANELS = ("sum_of_ranks", "trimmed_sum")
"""A sum over fewer judges is not comparable: an absent judge would be a gift or a fine."""

_ZERO = Fraction(0)


def stages(judging: Judging) -> dict[str, int]:
    """The stage of each round: a round that is not carried forward closes its stage."""
    stage, found = 0, {}
    for one in judging.rounds:
        found[one.id] = stage
        stage += 0 if one.carried_forward else 1
    return found


def reached_stages(judging: Judging, marks: tuple[Mark, ...]) -> dict[str, int]:
    """The latest stage in which each entrant performed."""
    stage_of = stages(judging)
    reached: dict[str, int] = {}
    for mark in marks:
        reached[mark.entrant] = max(stage_of[mark.round], reached.get(mark.entrant, 0))
    return reached


def judged_rounds(
    judging: Judging, component: Component, data: ScoringData, entrants: set[str]
) -> tuple[dict[str, tuple[RoundFigure, ...]], list[Problem]]:
    """Every entrant's rounds, and what keeps entrants from having them."""
    by_round: dict[str, list[Mark]] = defaultdict(list)
    for mark in data.marks:
        if mark.entrant in entrants:
            by_round[mark.round].append(mark)
    reached = reached_stages(judging, data.marks)
    stage_of = stages(judging)
    given = {(one.entrant, one.round): one.value for one in data.multipliers}
    rounds: dict[str, list[RoundFigure]] = {entrant: [] for entrant in entrants}
    problems: list[Problem] = []
    for one in judging.rounds:
        if component.rounds and one.id not in component.rounds:
            continue
        units, faults = units_of_round(judging, component, one.id, by_round[one.id])
        taken, more = _taken(judging, one, units, {fault.entrant for fault in faults})
        problems += faults + more
        for entrant, panels in taken.items():
            multiplier = one.multiplier * given.get((entrant, one.id), Fraction(1))
            counted = stage_of[one.id] == reached[entrant]
            rounds[entrant].append(_round_figure(judging, one, panels, multiplier, counted))
    troubled = {problem.entrant for problem in problems}
    for entrant in sorted(entrants - troubled):
        if not any(figure.counted for figure in rounds[entrant]):
            problems.append(Problem("no_marks", entrant))
    return {entrant: tuple(figures) for entrant, figures in rounds.items()}, problems


@dataclass(frozen=True)
class _Taken:
    """One panel of one entrant, ready to be aggregated."""

    unit: Unit
    row: dict[str, Cell]
    used: dict[str, Fraction]


def _round_figure(
    judging: Judging, one: Round, taken: list[_Taken], multiplier: Fraction, counted: bool
) -> RoundFigure:
    on_each, on_sum = (
        (multiplier, Fraction(1)) if one.multiplier_on == "each" else (Fraction(1), multiplier)
    )
    panels = tuple(_panel(judging, panel, on_each) for panel in taken)
    total = sum((panel.value for panel in panels), _ZERO)
    product = total * on_sum
    value = round_if(judging.rounding.round, product)
    return RoundFigure(one.id, panels, total, on_sum, product, value, counted)


def _taken(
    judging: Judging, one: Round, units: list[Unit], troubled: set[str]
) -> tuple[dict[str, list[_Taken]], list[Problem]]:
    taken: dict[str, list[_Taken]] = defaultdict(list)
    problems = []
    for unit in units:
        cells = {key: row for key, row in unit.cells.items() if key not in troubled}
        short = _short_panels(judging, cells)
        for entrant, code in sorted(short.items()):
            count = str(len(_scored(cells[entrant])))
            problems.append(Problem(code, entrant, one.id, unit.criterion, detail=count))
        used = _used(judging, {key: row for key, row in cells.items() if key not in short})
        for entrant, values in used.items():
            taken[entrant].append(_Taken(unit, cells[entrant], values))
    return taken, problems


def _scored(row: dict[str, Cell]) -> dict[str, Fraction]:
    return {judge: cell.value for judge, cell in row.items() if cell.value is not None}


def _short_panels(judging: Judging, cells: dict[str, dict[str, Cell]]) -> dict[str, str]:
    """Entrants whose panel has too few marks to be computed, with the code of the problem."""
    counts = {entrant: len(_scored(row)) for entrant, row in cells.items()}
    fullest = max(counts.values(), default=0)
    short = {}
    for entrant, count in counts.items():
        if count < judging.minimum_panel:
            short[entrant] = "panel_too_small"
        elif judging.aggregate.method in _EQUAL_PANELS and count < fullest:
            short[entrant] = "unequal_panel"
        elif judging.aggregate.method == "trimmed_sum" and count < judging.aggregate.min_marks:
            short[entrant] = "panel_too_small"
    return short


def _used(judging: Judging, cells: dict[str, dict[str, Cell]]) -> dict[str, dict[str, Fraction]]:
    """What the panel takes from each judge: the mark itself, or the mark normalised within that
    judge's own marks."""
    used: dict[str, dict[str, Fraction]] = {entrant: {} for entrant in cells}
    for judge in sorted({judge for row in cells.values() for judge in row}):
        column = {}
        for entrant, row in cells.items():
            value = row[judge].value
            if value is not None:
                column[entrant] = value
        if judging.aggregate.method == "sum_of_ranks":
            taken = average_places(column, judging.aggregate.better)
        else:
            taken = normalise(column, judging.judge_normaliser)
        for entrant, value in taken.items():
            used[entrant][judge] = round_if(judging.rounding.mark, value)
    return used


def _panel(judging: Judging, taken: _Taken, multiplier: Fraction) -> PanelFigure:
    used, factor = taken.used, taken.unit.factor * multiplier
    dropped = dropped_judges(used, judging.aggregate)
    kept = [value for judge, value in used.items() if judge not in dropped]
    aggregate = _aggregate(kept, judging.aggregate.method)
    rounded = round_if(judging.rounding.aggregate, aggregate)
    product = rounded * factor
    return PanelFigure(
        criterion=taken.unit.criterion,
        marks=tuple(
            MarkFigure(
                judge, cell.status, cell.value, used.get(judge), dropped.get(judge, ""), cell.parts
            )
            for judge, cell in sorted(taken.row.items())
        ),
        trimmed=bool(dropped),
        aggregate=aggregate,
        rounded=rounded,
        factor=factor,
        product=product,
        value=round_if(judging.rounding.product, product),
        untrimmed_mean=sum(used.values(), _ZERO) / len(used) * factor,
    )


def dropped_judges(used: dict[str, Fraction], aggregate: Aggregate) -> dict[str, str]:
    """Judges whose marks are struck, with "high" or "low"; none if there are too few marks.

    Among equal marks the judge who comes first by id is struck. Which one it is changes no figure,
    but the published sheet must not depend on chance.
    """
    if len(used) < aggregate.min_marks or aggregate.drop_high + aggregate.drop_low == 0:
        return {}
    upwards = sorted(used, key=lambda judge: (used[judge], judge))
    downwards = sorted(used, key=lambda judge: (-used[judge], judge))
    low = upwards[: aggregate.drop_low]
    high = [judge for judge in downwards if judge not in low][: aggregate.drop_high]
    return dict.fromkeys(low, "low") | dict.fromkeys(high, "high")


def _aggregate(kept: list[Fraction], method: str) -> Fraction:
    if method in ("sum", "sum_of_ranks", "trimmed_sum"):
        return sum(kept, _ZERO)
    if method == "median":
        ordered, middle = sorted(kept), len(kept) // 2
        both = ordered[middle - 1 + len(kept) % 2 : middle + 1]
        return sum(both, _ZERO) / len(both)
    return sum(kept, _ZERO) / len(kept)
