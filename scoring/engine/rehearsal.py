"""Made-up data of a usual shape, to see what a rulebook would do before there are any entrants.

The judges here mark within a narrow band of the upper range, while votes and platform figures have
long tails. Under `ratio_to_max` a component of nominally 30 % can then account for most of the
variance of the totals. An organiser should see that while the rulebook can still be changed.
"""

from fractions import Fraction

import numpy as np

from contest.rulebooks.rules.rulebook import Rulebook
from contest.rulebooks.rules.vocabulary import Criterion
from scoring.engine.data import Entrant, Mark, MetricValue, PointsItem, ScoringData, VoteCount

DEFAULT_ENTRANTS = 20
_DEFAULT_PANEL = 7
_BAND = (0.82, 0.94)
"""Where a criterion's marks usually lie, as shares of its range."""

_TAIL_SIGMA = 1.2
"""Log-normal spread of votes and platform figures: the leader has many times the median."""

_MEDIAN_FIGURE = 1000


def rehearsal_data(
    rulebook: Rulebook, *, seed: int, entrants: int = DEFAULT_ENTRANTS
) -> ScoringData:
    """Data for every component of the rulebook; the same seed gives the same data.

    Whether an entrant is good in the judges' eyes and popular are drawn independently, as the
    weights are meant to settle exactly the cases in which the two differ.
    """
    random = np.random.default_rng(seed)
    ids = [f"e{n:03d}" for n in range(1, entrants + 1)]

    def long_tailed() -> list[int]:
        return [int(one) for one in _MEDIAN_FIGURE * random.lognormal(0, _TAIL_SIGMA, entrants)]

    metric_ids = [one.id for part in rulebook.components for one in part.metrics]
    point_ids = [part.id for part in rulebook.components if part.source == "points"]
    wished = {
        (condition.id, condition.equals)
        for gate in rulebook.gates
        for condition in gate.requirement.conditions
        if condition.figure == "attribute"
    }
    return ScoringData(
        entrants=tuple(Entrant(one, one, attributes=tuple(sorted(wished))) for one in ids),
        marks=_marks(rulebook, random, ids),
        votes=tuple(VoteCount(*pair) for pair in zip(ids, long_tailed(), strict=True)),
        metrics=tuple(
            MetricValue(one, metric, Fraction(value))
            for metric in metric_ids
            for one, value in zip(ids, long_tailed(), strict=True)
        ),
        points=tuple(
            PointsItem(one, component, "", Fraction(int(random.integers(0, 101))))
            for component in point_ids
            for one in ids
        ),
    )


def _marks(rulebook: Rulebook, random: np.random.Generator, ids: list[str]) -> tuple[Mark, ...]:
    judging = rulebook.judging
    if judging is None:
        return ()
    low, high = _BAND
    seats = max(judging.panel_size or _DEFAULT_PANEL, judging.minimum_panel)
    judges = [f"j{n:02d}" for n in range(1, seats + 1)]
    found = []
    for entrant in ids:
        quality = random.uniform(low, high)
        for one in judging.rounds:
            for judge in judges:
                for criterion in judging.criteria:
                    share = float(np.clip(random.normal(quality, (high - low) / 6), 0, 1))
                    value = _on_grid(criterion, share)
                    found.append(Mark(judge, entrant, one.id, criterion.id, value))
    return tuple(found)


def _on_grid(criterion: Criterion, share: float) -> Fraction:
    """The mark nearest to this share of the range that the criterion allows."""
    width = criterion.high - criterion.low
    step = criterion.step or width / 100
    return criterion.low + round(Fraction(share) * width / step) * step
