"""Ranking: by the total, then by the tie keys one after the other, then a shared rank.

The order is computed from the same keys that are published with it, so that every tie-break that is
shown was used.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from contest.rulebooks.rules.rulebook import Rulebook
from contest.rulebooks.rules.vocabulary import TieKey
from core.exact import round_if
from scoring.engine.data import ScoringData
from scoring.engine.result import ComponentFigure, KeyFigure, MarkFigure, PanelFigure, RoundFigure

_ZERO = Fraction(0)


@dataclass(frozen=True)
class Scored:
    """An entrant with all components, before ranking."""

    entrant: str
    stage: int
    exact_total: Fraction
    total: Fraction
    components: tuple[ComponentFigure, ...]

    @property
    def counted_rounds(self) -> tuple[RoundFigure, ...]:
        return tuple(one for part in self.components for one in part.rounds if one.counted)


@dataclass(frozen=True)
class Placement:
    rank: int
    shared: bool
    keys: tuple[KeyFigure, ...]


def placements(rulebook: Rulebook, data: ScoringData, scored: list[Scored]) -> dict[str, Placement]:
    """The rank (1, 2, 2, 4) of every entrant, with each tie key that was consulted."""
    given = _Given(data)
    groups = _split_by_total(rulebook, scored)
    consulted: dict[str, list[KeyFigure]] = defaultdict(list)
    for step, tie in enumerate(rulebook.ties, start=1):
        groups = [
            part
            for group in groups
            for part in (_split(group, step, tie, given, consulted) if len(group) > 1 else [group])
        ]
    result = {}
    rank = 1
    for group in groups:
        for one in group:
            result[one.entrant] = Placement(rank, len(group) > 1, tuple(consulted[one.entrant]))
        rank += len(group)
    return result


def _split_by_total(rulebook: Rulebook, scored: list[Scored]) -> list[list[Scored]]:
    """Groups of equal totals, best first; whoever reached a later stage comes before the rest."""
    sign = -1 if rulebook.total.order == "highest_first" else 1
    groups: dict[tuple[int, Fraction], list[Scored]] = defaultdict(list)
    for one in sorted(scored, key=lambda item: item.entrant):
        groups[-_stage_in_order(rulebook, one), sign * one.total].append(one)
    return [groups[key] for key in sorted(groups)]


def _stage_in_order(rulebook: Rulebook, one: Scored) -> int:
    """The stage that counts for the order: with `later_round_first` every round is a stage of its
    own for the order, though not for the sums."""
    if not rulebook.total.later_round_first or rulebook.judging is None:
        return one.stage
    performed = {figure.round for part in one.components for figure in part.rounds}
    order = [item.id for item in rulebook.judging.rounds]
    return max((order.index(round_id) for round_id in performed), default=0)


def _split(
    group: list[Scored],
    step: int,
    tie: TieKey,
    given: "_Given",
    consulted: dict[str, list[KeyFigure]],
) -> list[list[Scored]]:
    values = {one.entrant: _key_value(one, tie, given) for one in group}
    if tie.key == "draw" and None in values.values():
        return [group]
    decided = len(set(values.values())) > 1
    for one in group:
        figure = KeyFigure(step, tie.key, tie.id or tie.round, values[one.entrant], decided)
        consulted[one.entrant].append(figure)
    sign = -1 if tie.order == "highest_first" else 1
    parts: dict[tuple[bool, Fraction], list[Scored]] = defaultdict(list)
    for one in group:
        value = values[one.entrant]
        parts[value is None, sign * (value or _ZERO)].append(one)
    return [parts[key] for key in sorted(parts)]


class _Given:
    """Figures that tie keys read from the data as they were given."""

    def __init__(self, data: ScoringData) -> None:
        self.votes = {one.entrant: Fraction(one.valid) for one in data.votes}
        self.metrics = {(one.entrant, one.metric): one.value for one in data.metrics}
        self.draws = {one.entrant: Fraction(one.place) for one in data.draws}


def _key_value(one: Scored, tie: TieKey, given: _Given) -> Fraction | None:
    if tie.key == "component":
        return _component_value(one, tie)
    if tie.key == "criterion":
        return _criterion_value(one, tie)
    if tie.key == "round":
        return _sum_or_none(
            r.value for p in one.components for r in p.rounds if r.round == tie.round
        )
    if tie.key == "metric":
        return given.metrics.get((one.entrant, tie.id))
    if tie.key == "votes":
        return given.votes.get(one.entrant, _ZERO)
    if tie.key == "untrimmed_mean":
        return _untrimmed_mean(one, tie.id)
    if tie.key == "count_of_marks":
        return Fraction(sum(_is_counted(tie, value) for value in _marks(one, tie.id)))
    if tie.key == "unrounded_total":
        return round_if(tie.rounding, one.exact_total)
    return given.draws.get(one.entrant)


def _component_value(one: Scored, tie: TieKey) -> Fraction:
    figure = next(part for part in one.components if part.component == tie.id)
    return {"rounded": figure.value, "exact": figure.normalised, "raw": figure.raw}[tie.value]


def _criterion_value(one: Scored, tie: TieKey) -> Fraction | None:
    """The criterion's figure, rounds with their multipliers; within sheets, the mean mark."""
    return _sum_or_none(
        value * figure.multiplier
        for figure in one.counted_rounds
        if tie.round in ("", figure.round)
        for panel in figure.panels
        for value in _criterion_of_panel(panel, tie.id)
    )


def _criterion_of_panel(panel: PanelFigure, criterion: str) -> list[Fraction]:
    if panel.criterion:
        return [panel.value] if panel.criterion == criterion else []
    marks = [value for mark in panel.marks for key, value in mark.parts if key == criterion]
    return [sum(marks, _ZERO) / len(marks)] if marks else []


def _untrimmed_mean(one: Scored, component: str) -> Fraction | None:
    return _sum_or_none(
        panel.untrimmed_mean * figure.multiplier
        for part in one.components
        if component in ("", part.component)
        for figure in part.rounds
        if figure.counted
        for panel in figure.panels
    )


def _is_counted(tie: TieKey, value: Fraction) -> bool:
    return value == tie.mark if tie.at_least is None else value >= tie.at_least


def _marks(one: Scored, component: str) -> list[Fraction]:
    return [
        value
        for part in one.components
        if component in ("", part.component)
        for figure in part.rounds
        if figure.counted
        for panel in figure.panels
        for mark in panel.marks
        for value in _given_marks(mark)
    ]


def _given_marks(mark: MarkFigure) -> list[Fraction]:
    if mark.parts:
        return [part for _, part in mark.parts]
    return [] if mark.value is None else [mark.value]


def _sum_or_none(values: Iterable[Fraction]) -> Fraction | None:
    """None where there is nothing to sum: not performing is not a zero."""
    found = list(values)
    return sum(found, _ZERO) if found else None
