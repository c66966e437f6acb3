"""A result with every figure on the way to it, and its one canonical text.

The figures carry codes and the rulebook's ids, never words of a language, so that the
certified text does not depend on who reads it.
"""

from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction

from core.canonical_json import canonical_text
from core.exact import exact_text

FORMAT = 1


@dataclass(frozen=True)
class MarkFigure:
    """One judge's mark or sheet. `value` is what the judge gave (a sheet: Σ factor × mark),
    `used` what the panel takes (after the judge's own normaliser or ranking), `dropped` is
    "", "high" or "low"; `parts` are the sheet's criteria."""

    judge: str
    status: str
    value: Fraction | None
    used: Fraction | None
    dropped: str
    parts: tuple[tuple[str, Fraction], ...]


@dataclass(frozen=True)
class PanelFigure:
    """A panel's figure for one criterion, or for whole sheets when `criterion` is empty."""

    criterion: str
    marks: tuple[MarkFigure, ...]
    trimmed: bool
    aggregate: Fraction
    rounded: Fraction
    factor: Fraction
    product: Fraction
    value: Fraction
    untrimmed_mean: Fraction


@dataclass(frozen=True)
class RoundFigure:
    """A round: Σ panels × multiplier, then rounding. `counted` is false where a later round
    replaced it."""

    round: str
    panels: tuple[PanelFigure, ...]
    sum: Fraction
    multiplier: Fraction
    product: Fraction
    value: Fraction
    counted: bool


@dataclass(frozen=True)
class MetricFigure:
    metric: str
    raw: Fraction
    normalised: Fraction
    value: Fraction
    weight: Fraction
    weighted: Fraction


@dataclass(frozen=True)
class PointsFigure:
    item: str
    round: str
    value: Fraction
    counted: bool


@dataclass(frozen=True)
class ComponentFigure:
    """raw → normalised → value (rounded) → weighted → contribution (rounded) to the total."""

    component: str
    raw: Fraction
    normalised: Fraction
    value: Fraction
    weight: Fraction
    weighted: Fraction
    contribution: Fraction
    rounds: tuple[RoundFigure, ...]
    metrics: tuple[MetricFigure, ...]
    points: tuple[PointsFigure, ...]


@dataclass(frozen=True)
class KeyFigure:
    """The value of a tie key that was consulted.

    `step` counts the tie keys from 1. `decided` says that the tied entrants differed in this key. A
    value of None sorts last.
    """

    step: int
    key: str
    id: str
    value: Fraction | None
    decided: bool


@dataclass(frozen=True)
class GateFigure:
    gate: str
    passed: bool


@dataclass(frozen=True)
class EntrantResult:
    """`stage` is 0 unless rounds that are not carried forward send some entrants on to a later
    stage. Without a rank, `unranked` says why: a status, a failed gate, or a problem's code."""

    entrant: str
    code: str
    name: str
    unranked: str
    gates: tuple[GateFigure, ...]
    components: tuple[ComponentFigure, ...]
    stage: int
    exact_total: Fraction | None
    total: Fraction | None
    rank: int | None
    shared: bool
    keys: tuple[KeyFigure, ...]
    points_by_rank: Fraction | None
    awards: tuple[str, ...]


@dataclass(frozen=True)
class PassedOver:
    """An entrant with a better place than a winner who did not get the award, and why: `gate:<id>`,
    `predicate` or `holds:<award>`."""

    entrant: str
    reason: str


@dataclass(frozen=True)
class AwardResult:
    """`vacant` counts places for which no entrant qualified; `undecided` are entrants who share a
    rank that does not fit into what is left of the quota."""

    award: str
    quota: int
    amount_fen: int
    winners: tuple[str, ...]
    passed_over: tuple[PassedOver, ...]
    undecided: tuple[str, ...]
    vacant: int


@dataclass(frozen=True)
class Problem:
    """Something that keeps an entrant from being scored yet; a result with problems cannot
    be certified. `code` is one of `missing_mark`, `partial_sheet`, `panel_too_small`,
    `unequal_panel`, `no_marks`, `missing_points`, `missing_metric`, `below_zero`."""

    code: str
    entrant: str
    round: str = ""
    criterion: str = ""
    judge: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Result:
    """Entrants are in order of rank, then of id; those without a rank come last."""

    format: int
    rulebook_id: str
    rulebook_version: str
    rulebook_digest: str
    entrants: tuple[EntrantResult, ...]
    awards: tuple[AwardResult, ...]
    problems: tuple[Problem, ...]

    def entrant(self, entrant_id: str) -> EntrantResult:
        return next(one for one in self.entrants if one.entrant == entrant_id)


def result_to_json(result: Result) -> str:
    """The canonical text: sorted keys, no spaces, exact numbers as text ("9.07" or "p/q")."""
    return canonical_text(plain(result))


def plain(value: object) -> object:
    """Dataclasses, tuples and fractions as what JSON knows."""
    if isinstance(value, Fraction):
        return exact_text(value)
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return value
