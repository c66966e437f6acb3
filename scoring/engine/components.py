"""Each component's column: raw figures of every entrant, then normalised, rounded, weighted."""

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

from contest.rulebooks.rules.rulebook import Rulebook
from contest.rulebooks.rules.vocabulary import NOT_BELOW_ZERO, Component, MetricWeight, Normaliser
from core.exact import round_if
from scoring.engine.data import ScoringData
from scoring.engine.normalise import normalise
from scoring.engine.panel import judged_rounds, reached_stages, stages
from scoring.engine.result import ComponentFigure, MetricFigure, PointsFigure, Problem, RoundFigure

_ZERO = Fraction(0)
_HUNDRED = Fraction(100)


@dataclass(frozen=True)
class Column:
    """Raw figures of one component, with what they were made of."""

    raw: dict[str, Fraction]
    problems: list[Problem]
    rounds: dict[str, tuple[RoundFigure, ...]] = field(default_factory=dict)
    metrics: dict[str, tuple[MetricFigure, ...]] = field(default_factory=dict)
    points: dict[str, tuple[PointsFigure, ...]] = field(default_factory=dict)


def component_figures(
    rulebook: Rulebook, data: ScoringData, entrants: set[str]
) -> tuple[dict[str, tuple[ComponentFigure, ...]], list[Problem]]:
    """The components of every entrant who has all of them, in the rulebook's order.

    An entrant with a problem in any component is left out of every normaliser: figures that are not
    complete must not change those of the others.
    """
    columns = [_column(rulebook, one, data, entrants) for one in rulebook.components]
    problems = [problem for column in columns for problem in column.problems]
    whole = entrants - {problem.entrant for problem in problems}
    figures: dict[str, list[ComponentFigure]] = {entrant: [] for entrant in sorted(whole)}
    for component, column in zip(rulebook.components, columns, strict=True):
        raw, metrics = _narrowed(component, column, whole)
        normalised = normalise(raw, component.normaliser)
        for entrant in figures:
            value = round_if(component.rounding, normalised[entrant])
            weighted = _weigh(value, component.weight, rulebook.total.combine)
            figures[entrant].append(
                ComponentFigure(
                    component=component.id,
                    raw=raw[entrant],
                    normalised=normalised[entrant],
                    value=value,
                    weight=component.weight,
                    weighted=weighted,
                    contribution=round_if(component.weighted_rounding, weighted),
                    rounds=column.rounds.get(entrant, ()),
                    metrics=metrics.get(entrant, ()),
                    points=column.points.get(entrant, ()),
                )
            )
    return {entrant: tuple(row) for entrant, row in figures.items()}, problems


def _weigh(value: Fraction, weight: Fraction, combine: str) -> Fraction:
    return value * weight / (_HUNDRED if combine == "weighted" else 1)


def _narrowed(
    component: Component, column: Column, whole: set[str]
) -> tuple[dict[str, Fraction], dict[str, tuple[MetricFigure, ...]]]:
    """The column of those who take part in normalising; metrics have normalisers inside."""
    if component.source != "metrics":
        return {entrant: column.raw[entrant] for entrant in sorted(whole)}, {}
    metrics = _metric_figures(component.metrics, column.metrics, whole)
    totals = {
        entrant: sum((one.weighted for one in figures), _ZERO)
        for entrant, figures in metrics.items()
    }
    return totals, metrics


def _column(
    rulebook: Rulebook, component: Component, data: ScoringData, entrants: set[str]
) -> Column:
    if component.source == "judges":
        column = _judges_column(rulebook, component, data, entrants)
    elif component.source == "votes":
        counts = {one.entrant: one.valid for one in data.votes}
        column = Column({entrant: Fraction(counts.get(entrant, 0)) for entrant in entrants}, [])
    elif component.source == "metrics":
        column = _metrics_column(component, data, entrants)
    else:
        column = _points_column(rulebook, component, data, entrants)
    column.problems.extend(_below_zero(component.id, component.normaliser, column.raw))
    return column


def _below_zero(name: str, normaliser: Normaliser, raw: dict[str, Fraction]) -> list[Problem]:
    if normaliser.kind not in NOT_BELOW_ZERO:
        return []
    low = sorted(entrant for entrant, value in raw.items() if value < 0)
    return [Problem("below_zero", entrant, detail=name) for entrant in low]


def _judges_column(
    rulebook: Rulebook, component: Component, data: ScoringData, entrants: set[str]
) -> Column:
    judging = rulebook.judging
    assert judging is not None, "the rulebook check ties judges components to [judging]"
    rounds, problems = judged_rounds(judging, component, data, entrants)
    raw = {
        entrant: sum((one.value for one in figures if one.counted), _ZERO)
        for entrant, figures in rounds.items()
    }
    return Column(raw, problems, rounds=rounds)


def _metrics_column(component: Component, data: ScoringData, entrants: set[str]) -> Column:
    given = {(one.entrant, one.metric): one.value for one in data.metrics}
    column = Column(dict.fromkeys(entrants, _ZERO), [])
    for metric in component.metrics:
        raw = {}
        for entrant in sorted(entrants):
            if (entrant, metric.id) not in given and component.missing == "refuse":
                column.problems.append(Problem("missing_metric", entrant, detail=metric.id))
            raw[entrant] = given.get((entrant, metric.id), _ZERO)
            figure = MetricFigure(metric.id, raw[entrant], _ZERO, _ZERO, metric.weight, _ZERO)
            column.metrics[entrant] = (*column.metrics.get(entrant, ()), figure)
        column.problems.extend(_below_zero(metric.id, metric.normaliser, raw))
    return column


def _metric_figures(
    metrics: tuple[MetricWeight, ...],
    given: dict[str, tuple[MetricFigure, ...]],
    whole: set[str],
) -> dict[str, tuple[MetricFigure, ...]]:
    figures: dict[str, list[MetricFigure]] = {entrant: [] for entrant in sorted(whole)}
    for i, metric in enumerate(metrics):
        raw = {entrant: given[entrant][i].raw for entrant in figures}
        normalised = normalise(raw, metric.normaliser)
        for entrant, row in figures.items():
            value = round_if(metric.rounding, normalised[entrant])
            weighted = value * metric.weight / _HUNDRED
            row.append(
                MetricFigure(
                    metric.id, raw[entrant], normalised[entrant], value, metric.weight, weighted
                )
            )
    return {entrant: tuple(row) for entrant, row in figures.items()}


def _points_column(
    rulebook: Rulebook, component: Component, data: ScoringData, entrants: set[str]
) -> Column:
    stage_of = stages(rulebook.judging) if rulebook.judging else {}
    reached = reached_stages(rulebook.judging, data.marks) if rulebook.judging else {}
    items: dict[str, list[PointsFigure]] = defaultdict(list)
    for one in sorted(data.points, key=lambda row: (row.round, row.item)):
        if one.component == component.id and one.entrant in entrants:
            counted = not one.round or stage_of[one.round] == reached.get(one.entrant, 0)
            items[one.entrant].append(PointsFigure(one.item, one.round, one.value, counted))
    problems = [
        Problem("missing_points", entrant, detail=component.id)
        for entrant in sorted(entrants - items.keys())
        if component.missing == "refuse"
    ]
    raw = {
        entrant: sum((one.value for one in items[entrant] if one.counted), _ZERO)
        for entrant in sorted(entrants)
    }
    return Column(raw, problems, points={key: tuple(row) for key, row in items.items()})
