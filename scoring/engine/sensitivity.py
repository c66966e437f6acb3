"""What the outcome depends on: effective weights, normalisers, voided votes, the choice of judges.

Diagnostics never change a result. Each of them runs the exact engine on changed data.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from contest.rulebooks.rules.rulebook import Rulebook
from contest.rulebooks.rules.vocabulary import (
    IRRATIONAL_NORMALISERS,
    LOWER_CAN_LEAD,
    NORMALISERS,
    Component,
    Normaliser,
)
from core.exact import Rounding
from scoring.engine.compute import score
from scoring.engine.data import Mark, ScoringData, VoteCount
from scoring.engine.result import Result

_ZERO = Fraction(0)
_STEP = Fraction(1, 2)
_DEFAULT_ROUNDING = Rounding(2)


@dataclass(frozen=True)
class EffectiveWeight:
    """`nominal` is the rulebook's weight; `effective` the component's share, in percent, of
    the variance of the totals (covariance with the total ÷ variance of the total). It is None
    when all totals are equal; shares add to 100."""

    component: str
    nominal: Fraction
    effective: Fraction | None


@dataclass(frozen=True)
class OtherNormaliser:
    """The leaders (all of rank 1) if this component were normalised by `kind`."""

    component: str
    kind: str
    leaders: tuple[str, ...]
    leader_changes: bool
    awards_change: bool


@dataclass(frozen=True)
class VoidSensitivity:
    """What would change if the voided votes of one entrant (or of all, `entrant` "") had counted:
    which entrants would have another rank, and whether an award would change."""

    entrant: str
    voided: int
    moved: tuple[str, ...]
    awards_change: bool


@dataclass(frozen=True)
class RankStability:
    """Over panels drawn again from the judges: the middle 90 % of an entrant's ranks, how
    often the rank was the present one, and how often there was any award."""

    entrant: str
    rank: int
    low: int
    high: int
    same: float
    awarded: float


def effective_weights(result: Result) -> tuple[EffectiveWeight, ...]:
    scored = [one for one in result.entrants if one.exact_total is not None]
    if not scored:
        return ()
    totals = [sum((p.contribution for p in one.components), _ZERO) for one in scored]
    variance = _covariance(totals, totals)
    found = []
    for i, part in enumerate(scored[0].components):
        column = [one.components[i].contribution for one in scored]
        share = _covariance(column, totals) / variance * 100 if variance else None
        found.append(EffectiveWeight(part.component, part.weight, share))
    return tuple(found)


def _covariance(left: list[Fraction], right: list[Fraction]) -> Fraction:
    count = len(left)
    mean_left, mean_right = sum(left, _ZERO) / count, sum(right, _ZERO) / count
    products = [(a - mean_left) * (b - mean_right) for a, b in zip(left, right, strict=True)]
    return sum(products, _ZERO) / count


def other_normalisers(
    rulebook: Rulebook, data: ScoringData, result: Result
) -> tuple[OtherNormaliser, ...]:
    """The leader under each other normaliser of each component, where it can be computed."""
    leaders = _leaders(result)
    found = []
    for i, component in enumerate(rulebook.components):
        for kind, changed in _with_other_normalisers(rulebook, component):
            parts = (*rulebook.components[:i], changed, *rulebook.components[i + 1 :])
            other = score(replace(rulebook, components=parts), data)
            if other.problems != result.problems:
                continue
            first = _leaders(other)
            changes = first != leaders
            found.append(
                OtherNormaliser(component.id, kind, first, changes, _awards_differ(result, other))
            )
    return tuple(found)


def _with_other_normalisers(
    rulebook: Rulebook, component: Component
) -> Iterator[tuple[str, Component]]:
    better = _better(rulebook, component)
    own = {metric.normaliser.kind for metric in component.metrics} or {component.normaliser.kind}
    for kind in NORMALISERS:
        if own == {kind} or (better == "lower" and kind not in LOWER_CAN_LEAD):
            continue
        normaliser = Normaliser(kind, better, step=_STEP if kind == "rank_points" else _ZERO)
        needed = _DEFAULT_ROUNDING if kind in IRRATIONAL_NORMALISERS else None
        if component.metrics:
            metrics = tuple(
                replace(one, normaliser=normaliser, rounding=one.rounding or needed)
                for one in component.metrics
            )
            yield kind, replace(component, metrics=metrics)
        else:
            rounding = component.rounding or needed
            yield kind, replace(component, normaliser=normaliser, rounding=rounding)


def _better(rulebook: Rulebook, component: Component) -> str:
    ranks = rulebook.judging is not None and rulebook.judging.aggregate.method == "sum_of_ranks"
    by_ranks = component.source == "judges" and ranks
    return "lower" if by_ranks else component.normaliser.better


def _leaders(result: Result) -> tuple[str, ...]:
    return tuple(one.entrant for one in result.entrants if one.rank == 1)


def _awards_differ(left: Result, right: Result) -> bool:
    return _holders(left) != _holders(right)


def _holders(result: Result) -> list[tuple[set[str], set[str]]]:
    """Who has each award, and who may still get it. Their order within an award does not matter."""
    return [(set(one.winners), set(one.undecided)) for one in result.awards]


def void_sensitivity(
    rulebook: Rulebook, data: ScoringData, result: Result
) -> tuple[VoidSensitivity, ...]:
    """Would anything change had the voids counted: for each entrant alone, then all at once."""
    with_voids = [one for one in data.votes if one.voided]
    cases = [(one.entrant, {one.entrant}) for one in sorted(with_voids, key=lambda v: v.entrant)]
    if len(cases) > 1:
        cases.append(("", {entrant for entrant, _ in cases}))
    found = []
    for entrant, restored in cases:
        votes = tuple(_restored(one) if one.entrant in restored else one for one in data.votes)
        other = score(rulebook, replace(data, votes=votes))
        moved = _moved(result, other)
        voided = sum(one.voided for one in with_voids if one.entrant in restored)
        found.append(VoidSensitivity(entrant, voided, moved, _awards_differ(result, other)))
    return tuple(found)


@dataclass(frozen=True)
class VoteSensitivity:
    """The difference between two counts of the votes: which entrants would have another rank, and
    whether an award would change. `incomplete` if figures are missing."""

    moved: tuple[str, ...]
    awards_change: bool
    incomplete: bool


def vote_sensitivity(
    rulebook: Rulebook,
    data: ScoringData,
    pairs: Sequence[tuple[Mapping[str, int], Mapping[str, int]]],
) -> list[VoteSensitivity]:
    """The difference between the two sides of each pair. A side gives by entrant how many more or
    fewer valid votes there would be than in `data`."""
    known: dict[frozenset[tuple[str, int]], Result] = {}

    def outcome(change: Mapping[str, int]) -> Result:
        moving = frozenset((one, votes) for one, votes in change.items() if votes)
        if moving not in known:
            votes = tuple(_changed(one, change.get(one.entrant, 0)) for one in data.votes)
            known[moving] = score(rulebook, replace(data, votes=votes))
        return known[moving]

    return [_difference(outcome(one), outcome(other)) for one, other in pairs]


def _difference(one: Result, other: Result) -> VoteSensitivity:
    incomplete = bool(one.problems or other.problems)
    return VoteSensitivity(_moved(one, other), _awards_differ(one, other), incomplete)


def _moved(one: Result, other: Result) -> tuple[str, ...]:
    """The entrants who would have another rank."""
    ranks = {entrant.entrant: entrant.rank for entrant in one.entrants}
    return tuple(here.entrant for here in other.entrants if here.rank != ranks[here.entrant])


def _changed(one: VoteCount, change: int) -> VoteCount:
    return replace(one, valid=max(0, one.valid + change))


def _restored(one: VoteCount) -> VoteCount:
    return replace(one, valid=one.valid + one.voided, voided=0)


def rank_stability(
    rulebook: Rulebook, data: ScoringData, result: Result, *, resamples: int, seed: int
) -> tuple[RankStability, ...]:
    """Bootstrap over judges (Efron 1979): each panel has as many judges, drawn with
    replacement; the same seed gives the same answer."""
    judges = sorted({mark.judge for mark in data.marks})
    if len(judges) < 2:
        return ()
    random = np.random.default_rng(seed)
    by_judge: dict[str, list[Mark]] = {judge: [] for judge in judges}
    for mark in data.marks:
        by_judge[mark.judge].append(mark)
    ranks: dict[str, list[int]] = {}
    awarded: dict[str, int] = {}
    for _ in range(resamples):
        drawn = random.choice(len(judges), size=len(judges))
        marks = tuple(
            replace(mark, judge=f"{seat}")
            for seat, index in enumerate(drawn)
            for mark in by_judge[judges[int(index)]]
        )
        for one in score(rulebook, replace(data, marks=marks)).entrants:
            if one.rank is not None:
                ranks.setdefault(one.entrant, []).append(one.rank)
                awarded[one.entrant] = awarded.get(one.entrant, 0) + bool(one.awards)
    return tuple(
        _stability(one.entrant, one.rank, ranks[one.entrant], awarded[one.entrant])
        for one in result.entrants
        if one.rank is not None and one.entrant in ranks
    )


def _stability(entrant: str, rank: int, drawn: list[int], awarded: int) -> RankStability:
    low, high = np.percentile(drawn, [5, 95], method="inverted_cdf")
    same = sum(one == rank for one in drawn) / len(drawn)
    return RankStability(entrant, rank, int(low), int(high), same, awarded / len(drawn))
