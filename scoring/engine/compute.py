"""The engine: from a rulebook and data to a result with every figure on the way. Pure and exact."""

from fractions import Fraction

from contest.rulebooks.rules.rulebook import Rulebook
from core.exact import round_if
from scoring.engine.awards import AwardInput, entrant_gates, give_awards
from scoring.engine.components import component_figures
from scoring.engine.data import ACTIVE, Entrant, ScoringData
from scoring.engine.data_check import DataError, data_faults
from scoring.engine.panel import reached_stages
from scoring.engine.ranking import Placement, Scored, placements
from scoring.engine.result import (
    FORMAT,
    ComponentFigure,
    EntrantResult,
    GateFigure,
    Problem,
    Result,
)

_ZERO = Fraction(0)


def score(rulebook: Rulebook, data: ScoringData) -> Result:
    """The result of the rulebook on this snapshot.

    DataError if rows name what does not exist or lie outside the rulebook's ranges. What is
    merely not there yet (a missing mark, a panel too small) is a `Problem` in the result, and
    the entrant concerned has no rank.
    """
    faults = data_faults(rulebook, data)
    if faults:
        raise DataError(faults)
    given = AwardInput(data)
    gates = {one.id: entrant_gates(rulebook, given, one) for one in data.entrants}
    taking_part = {
        one.id
        for one in data.entrants
        if one.status == ACTIVE and all(gate.passed for gate in gates[one.id])
    }
    figures, problems = component_figures(rulebook, data, taking_part)
    scored = _totals(rulebook, data, figures)
    placed = placements(rulebook, data, list(scored.values()))
    entrants = [
        _entrant_result(rulebook, one, gates[one.id], scored.get(one.id), placed, problems)
        for one in data.entrants
    ]
    entrants.sort(key=lambda one: (one.rank is None, one.rank or 0, one.entrant))
    awarded, awards = give_awards(rulebook, given, tuple(entrants))
    return Result(
        format=FORMAT,
        rulebook_id=rulebook.id,
        rulebook_version=rulebook.version,
        rulebook_digest=rulebook.digest,
        entrants=awarded,
        awards=awards,
        problems=tuple(sorted(problems, key=_problem_order)),
    )


def _problem_order(problem: Problem) -> tuple[str, ...]:
    return (problem.entrant, problem.round, problem.criterion, problem.judge, problem.code)


def _totals(
    rulebook: Rulebook, data: ScoringData, figures: dict[str, tuple[ComponentFigure, ...]]
) -> dict[str, Scored]:
    reached = reached_stages(rulebook.judging, data.marks) if rulebook.judging else {}
    scored = {}
    for entrant, components in figures.items():
        exact = sum((one.contribution for one in components), _ZERO)
        total = round_if(rulebook.total.rounding, exact)
        scored[entrant] = Scored(entrant, reached.get(entrant, 0), exact, total, components)
    return scored


def _entrant_result(
    rulebook: Rulebook,
    entrant: Entrant,
    gates: tuple[GateFigure, ...],
    scored: Scored | None,
    placements: dict[str, Placement],
    problems: list[Problem],
) -> EntrantResult:
    place = placements.get(entrant.id)
    return EntrantResult(
        entrant=entrant.id,
        code=entrant.code,
        name=entrant.name,
        unranked="" if scored else _why_unranked(entrant, gates, problems),
        gates=gates,
        components=scored.components if scored else (),
        stage=scored.stage if scored else 0,
        exact_total=scored.exact_total if scored else None,
        total=scored.total if scored else None,
        rank=place.rank if place else None,
        shared=place.shared if place else False,
        keys=place.keys if place else (),
        points_by_rank=_points_by_rank(rulebook, place),
        awards=(),
    )


def _why_unranked(entrant: Entrant, gates: tuple[GateFigure, ...], problems: list[Problem]) -> str:
    if entrant.status != ACTIVE:
        return entrant.status
    for gate in gates:
        if not gate.passed:
            return f"gate:{gate.gate}"
    own = sorted((one for one in problems if one.entrant == entrant.id), key=_problem_order)
    return own[0].code


def _points_by_rank(rulebook: Rulebook, place: Placement | None) -> Fraction | None:
    table = rulebook.total.points_by_rank
    if place is None or not table:
        return None
    return table[place.rank - 1] if place.rank <= len(table) else _ZERO
