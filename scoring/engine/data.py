"""What is scored: rows of entrants, marks, votes, metrics, points, multipliers and draws.

Rows carry no order: the engine gives the same result whatever order they come in.
"""

from dataclasses import dataclass
from fractions import Fraction

SCORED, ABSENT, RECUSED = "scored", "absent", "recused"
STATUSES = (SCORED, ABSENT, RECUSED)
"""A judge gave a mark (zero is a mark), was not there, or must not judge this entrant."""

ACTIVE = "active"
ENTRANT_STATUSES = (ACTIVE, "withdrawn", "disqualified")
"""Only active entrants are scored; the others leave no trace, in maxima neither."""


@dataclass(frozen=True)
class Entrant:
    """`attributes` are words that gates and awards ask about, such as ("first_time", "是")."""

    id: str
    name: str
    code: str = ""
    status: str = ACTIVE
    attributes: tuple[tuple[str, str], ...] = ()

    def attribute(self, name: str) -> str:
        return dict(self.attributes).get(name, "")


@dataclass(frozen=True)
class Mark:
    """`value` is None unless the status is scored."""

    judge: str
    entrant: str
    round: str
    criterion: str
    value: Fraction | None
    status: str = SCORED


@dataclass(frozen=True)
class VoteCount:
    """Valid ballots of an entrant, and those voided, which never count."""

    entrant: str
    valid: int
    voided: int = 0


@dataclass(frozen=True)
class MetricValue:
    entrant: str
    metric: str
    value: Fraction


@dataclass(frozen=True)
class PointsItem:
    """Given points of a `points` component; items of one entrant are added. An item tied to a
    round counts only where that round counts."""

    entrant: str
    component: str
    item: str
    value: Fraction
    round: str = ""


@dataclass(frozen=True)
class Multiplier:
    """The multiplier of one entrant's performance in one round: a dive's difficulty."""

    entrant: str
    round: str
    value: Fraction


@dataclass(frozen=True)
class Draw:
    """The place that an announced draw gave to an entrant; 1 comes first."""

    entrant: str
    place: int


@dataclass(frozen=True)
class ScoringData:
    """The data at one moment; what arrives later is no part of it."""

    entrants: tuple[Entrant, ...]
    marks: tuple[Mark, ...] = ()
    votes: tuple[VoteCount, ...] = ()
    metrics: tuple[MetricValue, ...] = ()
    points: tuple[PointsItem, ...] = ()
    multipliers: tuple[Multiplier, ...] = ()
    draws: tuple[Draw, ...] = ()
