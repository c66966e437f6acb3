"""What is wrong with rows of data under a rulebook: every fault at once, as codes.

The offline command adds file and line to each; a form checks one mark with `mark_fault`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from contest.rulebooks.rules.rulebook import Rulebook
from contest.rulebooks.rules.vocabulary import Criterion
from core.exact import exact_text
from scoring.engine.data import ENTRANT_STATUSES, SCORED, STATUSES, Mark, ScoringData


@dataclass(frozen=True)
class Fault:
    """`table` and `row` (from 0) say where; `words` fill the sentence of `code`."""

    table: str
    row: int
    code: str
    words: tuple[str, ...] = ()


class DataError(ValueError):
    """The data are not valid under the rulebook. Carries every fault."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{f.table}[{f.row}]: {f.code} {f.words}" for f in faults))


def data_faults(rulebook: Rulebook, data: ScoringData) -> list[Fault]:
    names = _Names(rulebook, data)
    faults = _repeated("entrants", (one.id for one in data.entrants))
    for row, one in enumerate(data.entrants):
        if one.status not in ENTRANT_STATUSES:
            faults.append(Fault("entrants", row, "unknown_status", (one.status,)))
    if not data.entrants:
        faults.append(Fault("entrants", 0, "no_entrants"))
    faults += _mark_faults(data, names)
    faults += _count_faults(data, names)
    faults += _given_faults(data, names)
    return faults


class _Names:
    """The identifiers that rows may refer to."""

    def __init__(self, rulebook: Rulebook, data: ScoringData) -> None:
        judging = rulebook.judging
        self.entrants = {one.id for one in data.entrants}
        self.criteria = {one.id: one for one in judging.criteria} if judging else {}
        self.rounds = {one.id for one in judging.rounds} if judging else set()
        self.metrics = _metrics_asked_for(rulebook)
        self.points = {one.id for one in rulebook.components if one.source == "points"}

    def unknown(self, table: str, rows: Sequence[str]) -> list[Fault]:
        return [
            Fault(table, row, "unknown_entrant", (entrant,))
            for row, entrant in enumerate(rows)
            if entrant not in self.entrants
        ]


def _metrics_asked_for(rulebook: Rulebook) -> set[str]:
    """What components score, and what gates and awards alone ask about."""
    found = {metric.id for one in rulebook.components for metric in one.metrics}
    asked = [gate.requirement for gate in rulebook.gates]
    asked += [award.requirement for award in rulebook.awards]
    return found | {
        condition.id
        for requirement in asked
        for condition in requirement.conditions
        if condition.figure == "metric"
    }


def _repeated(table: str, keys: Iterable[object]) -> list[Fault]:
    seen: dict[object, int] = {}
    faults = []
    for row, key in enumerate(keys):
        if key in seen:
            faults.append(Fault(table, row, "repeated", (str(seen[key]),)))
        seen.setdefault(key, row)
    return faults


def _mark_faults(data: ScoringData, names: _Names) -> list[Fault]:
    faults = names.unknown("marks", [one.entrant for one in data.marks])
    faults += _repeated(
        "marks", ((one.judge, one.entrant, one.round, one.criterion) for one in data.marks)
    )
    for row, mark in enumerate(data.marks):
        if mark.round not in names.rounds:
            faults.append(Fault("marks", row, "unknown_round", (mark.round,)))
        criterion = names.criteria.get(mark.criterion)
        if criterion is None:
            faults.append(Fault("marks", row, "unknown_criterion", (mark.criterion,)))
        elif mark.status not in STATUSES:
            faults.append(Fault("marks", row, "unknown_status", (mark.status,)))
        elif code := _status_fault(mark) or mark_fault(criterion, mark.value):
            faults.append(Fault("marks", row, code, _bounds(criterion)))
    return faults


def _bounds(criterion: Criterion) -> tuple[str, ...]:
    step = exact_text(criterion.step) if criterion.step else ""
    return (criterion.name, exact_text(criterion.low), exact_text(criterion.high), step)


def _status_fault(mark: Mark) -> str:
    if mark.status == SCORED:
        return "no_value" if mark.value is None else ""
    return "" if mark.value is None else "value_without_score"


def mark_fault(criterion: Criterion, value: Fraction | None) -> str:
    """`out_of_range` or `off_step` for a mark the criterion does not allow, else ""."""
    if value is None:
        return ""
    if not criterion.low <= value <= criterion.high:
        return "out_of_range"
    if criterion.step and (value - criterion.low) % criterion.step:
        return "off_step"
    return ""


def _count_faults(data: ScoringData, names: _Names) -> list[Fault]:
    faults = names.unknown("votes", [one.entrant for one in data.votes])
    faults += _repeated("votes", (one.entrant for one in data.votes))
    for row, one in enumerate(data.votes):
        if one.valid < 0 or one.voided < 0:
            faults.append(Fault("votes", row, "below_zero"))
    faults += names.unknown("draws", [one.entrant for one in data.draws])
    faults += _repeated("draws", (one.entrant for one in data.draws))
    for row, draw in enumerate(data.draws):
        if draw.place < 1:
            faults.append(Fault("draws", row, "below_one"))
    return faults


def _given_faults(data: ScoringData, names: _Names) -> list[Fault]:
    faults = names.unknown("metrics", [one.entrant for one in data.metrics])
    faults += _repeated("metrics", ((one.entrant, one.metric) for one in data.metrics))
    for row, figure in enumerate(data.metrics):
        if figure.metric not in names.metrics:
            faults.append(Fault("metrics", row, "unknown_metric", (figure.metric,)))
    faults += names.unknown("points", [one.entrant for one in data.points])
    faults += _repeated(
        "points", ((one.entrant, one.component, one.item, one.round) for one in data.points)
    )
    for row, points in enumerate(data.points):
        if points.component not in names.points:
            faults.append(Fault("points", row, "unknown_component", (points.component,)))
        if points.round and points.round not in names.rounds:
            faults.append(Fault("points", row, "unknown_round", (points.round,)))
    faults += names.unknown("multipliers", [one.entrant for one in data.multipliers])
    faults += _repeated("multipliers", ((one.entrant, one.round) for one in data.multipliers))
    for row, one in enumerate(data.multipliers):
        if one.round not in names.rounds:
            faults.append(Fault("multipliers", row, "unknown_round", (one.round,)))
    return faults
