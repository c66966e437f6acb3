"""What a rulebook can say about judging, components, rounding and normalising."""

from dataclasses import dataclass
from datetime import datetime, time
from fractions import Fraction

from core.exact import Rounding

NORMALISERS = (
    "none",
    "ratio_to_max",
    "share_of_total",
    "min_max",
    "rank_points",
    "z_score",
    "log_ratio",
)
IRRATIONAL_NORMALISERS = ("z_score", "log_ratio")
"""Their results have no finite form, so a rulebook must name the rounding they enter by."""

NOT_BELOW_ZERO = ("ratio_to_max", "share_of_total", "log_ratio")
"""Normalisers without a meaning for figures below zero."""

LOWER_CAN_LEAD = ("none", "min_max", "rank_points", "z_score")
"""Normalisers with a meaning when the smaller figure is the better one."""


@dataclass(frozen=True)
class Normaliser:
    """How a column of figures becomes comparable points.

    `top` is the leader's points (`ratio_to_max`, `log_ratio`, `rank_points` by steps), the
    whole (`share_of_total`) or the upper end (`min_max`); `bottom` is the lower end of
    `min_max`; `flat` is what everyone gets when all figures are equal. `table` or `step`
    serve `rank_points`; `shared` says what equal figures get there: the points of the
    `best` place they share, or the `average` of the places they fill. `centre` and
    `spread` serve `z_score`.
    """

    kind: str = "none"
    better: str = "higher"
    top: Fraction = Fraction(100)
    bottom: Fraction = Fraction(0)
    flat: Fraction = Fraction(100)
    table: tuple[Fraction, ...] = ()
    step: Fraction = Fraction(0)
    shared: str = "best"
    centre: Fraction = Fraction(50)
    spread: Fraction = Fraction(10)


@dataclass(frozen=True)
class Criterion:
    """One line of a judge's sheet. A mark lies in [low, high] on the grid low + k·step."""

    id: str
    name: str
    low: Fraction
    high: Fraction
    step: Fraction | None
    factor: Fraction


@dataclass(frozen=True)
class Round:
    """One performance that is marked. If it is not carried forward, its score only decides
    who goes on: it is dropped for an entrant who performs in a later round.

    `multiplier_on`: the multiplier is applied to the `sum` of the round's panels, or to
    `each` panel with its factor, so that each product is rounded by itself.
    """

    id: str
    name: str
    multiplier: Fraction
    carried_forward: bool
    multiplier_on: str = "sum"


@dataclass(frozen=True)
class Aggregate:
    """How a panel's marks become one figure.

    With fewer than `min_marks` marks nothing is dropped: a trim must leave a mean of
    something. `better` says which mark is a judge's first place in `sum_of_ranks`.
    """

    method: str
    drop_high: int = 0
    drop_low: int = 0
    min_marks: int = 1
    better: str = "higher"


@dataclass(frozen=True)
class JudgingRounding:
    """Named rounding steps inside the judges' part, in the order they are taken."""

    mark: Rounding | None = None
    sheet: Rounding | None = None
    aggregate: Rounding | None = None
    product: Rounding | None = None
    round: Rounding | None = None


@dataclass(frozen=True)
class Judging:
    """The judges' part. `aggregate_over` is `sheet` (each judge's sheet is summed first and
    the panel is taken over the sums) or `criterion` (the panel is taken over each criterion)."""

    aggregate_over: str
    aggregate: Aggregate
    minimum_panel: int
    panel_size: int | None
    missing_marks: str
    judge_normaliser: Normaliser
    rounding: JudgingRounding
    criteria: tuple[Criterion, ...]
    rounds: tuple[Round, ...]


@dataclass(frozen=True)
class MetricWeight:
    """One verified figure of a metrics component and its part in it."""

    id: str
    name: str
    weight: Fraction
    normaliser: Normaliser
    rounding: Rounding | None


@dataclass(frozen=True)
class Component:
    """One part of the total. `criteria` and `rounds` narrow a judges component; empty = all."""

    id: str
    name: str
    source: str
    weight: Fraction
    normaliser: Normaliser
    rounding: Rounding | None
    weighted_rounding: Rounding | None
    missing: str
    metrics: tuple[MetricWeight, ...] = ()
    criteria: tuple[str, ...] = ()
    rounds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Total:
    """`weighted`: Σ weight × value ÷ 100 with weights adding to 100; `sum`: Σ weight × value.
    `points_by_rank` are given out by the final rank (12, 10, 8 … of a national jury)."""

    combine: str
    rounding: Rounding | None
    order: str
    points_by_rank: tuple[Fraction, ...]
    later_round_first: bool


@dataclass(frozen=True)
class TieKey:
    """One step of the tie cascade; the first key on which the tied differ decides.

    `count_of_marks` counts marks of exactly `mark`, or of `at_least` so much.
    """

    key: str
    id: str = ""
    round: str = ""
    order: str = "highest_first"
    value: str = "rounded"
    mark: Fraction | None = None
    at_least: Fraction | None = None
    rounding: Rounding | None = None


@dataclass(frozen=True)
class Condition:
    """One test of an entrant: a figure against a bound, or an attribute against a word."""

    figure: str
    id: str = ""
    at_least: Fraction | None = None
    more_than: Fraction | None = None
    at_most: Fraction | None = None
    equals: str = ""


@dataclass(frozen=True)
class Requirement:
    """Conditions joined by `any` or `all`; without conditions everyone meets it."""

    join: str = "all"
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Gate:
    """On an entrant: who fails is left out of the scoring, maxima included. On awards: who
    fails is ranked but cannot take them."""

    id: str
    name: str
    on: str
    requirement: Requirement
    awards: tuple[str, ...] = ()


@dataclass(frozen=True)
class Award:
    """Awards are given in the order of the rulebook, each to the best placed who may have it.

    `exclusive`: who holds an earlier award is passed over. `shared_at_edge`: when a shared
    rank does not fit into the quota, `all` of them win, or the award is `undecided` until
    an announced draw.
    """

    id: str
    name: str
    quota: int
    amount_fen: int
    benefits: tuple[str, ...]
    requirement: Requirement
    exclusive: bool
    shared_at_edge: str


@dataclass(frozen=True)
class VotingWindow:
    """Open in [opens_at, closes_at), both aware; within a day from `daily_from` up to
    `daily_to`, Beijing time, when given."""

    opens_at: datetime
    closes_at: datetime
    daily_from: time | None = None
    daily_to: time | None = None


@dataclass(frozen=True)
class EntriesPerBallot:
    """How many entries one ballot names: min = max = 1 for one, min = max = n for exactly n."""

    min: int
    max: int


@dataclass(frozen=True)
class CountDisplay:
    """`live`, `hidden` until the result, or one published `daily_snapshot` at `at` (Beijing)."""

    mode: str
    at: time | None = None


@dataclass(frozen=True)
class Voting:
    """Every entry named on a ballot uses one vote. A quota that is None does not limit."""

    window: VotingWindow
    votes_per_day: int | None
    votes_per_contest: int | None
    votes_per_entry_per_day: int | None
    entries_per_ballot: EntriesPerBallot
    count_display: CountDisplay


@dataclass(frozen=True)
class Notice:
    """The public notice of the result, in business days."""

    business_days: int


@dataclass(frozen=True)
class Requires:
    """What must be on file before the result may be published."""

    approval_document: bool = False
