"""Normalisers: a column of figures becomes points that can be compared.

Square roots and logarithms are computed by the decimal module with 60 digits, where they are
correctly rounded and therefore the same on every machine, and are then cut to 40 decimals. No float
takes part. They enter a score only through the rounding that the rulebook must name. The cut at 40
decimals gives back results that have few digits, such as log 8 ÷ log 2 = 3, so that a value at the
edge of a rounding step is rounded as it should be.
"""

from collections import Counter
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from math import isqrt

from contest.rulebooks.rules.vocabulary import NOT_BELOW_ZERO, Normaliser

_CONTEXT = Context(prec=60, rounding=ROUND_HALF_EVEN)
_KEPT_DECIMALS = 40

Figures = Mapping[str, Fraction]


def normalise(figures: Figures, normaliser: Normaliser) -> dict[str, Fraction]:
    """Points per entrant; ValueError where a figure is below the domain of the normaliser."""
    if not figures:
        return {}
    if normaliser.kind in NOT_BELOW_ZERO and min(figures.values()) < 0:
        raise ValueError(f"{normaliser.kind} needs figures that are not negative")
    return _KINDS[normaliser.kind](figures, normaliser)


def places(figures: Figures, better: str) -> dict[str, int]:
    """The place of each figure, 1, 2, 2, 4; `better` is "higher" or "lower"."""
    ordered = sorted(figures.values(), reverse=better == "higher")
    first: dict[Fraction, int] = {}
    for place, value in enumerate(ordered, start=1):
        first.setdefault(value, place)
    return {key: first[value] for key, value in figures.items()}


def average_places(figures: Figures, better: str) -> dict[str, Fraction]:
    """As `places`, equal figures getting the mean of the places they fill: 1, 2½, 2½, 4."""
    equals = Counter(figures.values())
    return {
        key: place + Fraction(equals[figures[key]] - 1, 2)
        for key, place in places(figures, better).items()
    }


def _none(figures: Figures, _: Normaliser) -> dict[str, Fraction]:
    return dict(figures)


def _ratio_to_max(figures: Figures, normaliser: Normaliser) -> dict[str, Fraction]:
    leader = max(figures.values())
    if leader == 0:
        return dict.fromkeys(figures, Fraction(0))
    return {key: value / leader * normaliser.top for key, value in figures.items()}


def _share_of_total(figures: Figures, normaliser: Normaliser) -> dict[str, Fraction]:
    total = sum(figures.values())
    if total == 0:
        return dict.fromkeys(figures, Fraction(0))
    return {key: value / total * normaliser.top for key, value in figures.items()}


def _min_max(figures: Figures, normaliser: Normaliser) -> dict[str, Fraction]:
    low, high = min(figures.values()), max(figures.values())
    if low == high:
        return dict.fromkeys(figures, normaliser.flat)
    if normaliser.better == "lower":
        low, high = high, low
    width = normaliser.top - normaliser.bottom
    return {
        key: normaliser.bottom + (value - low) / (high - low) * width
        for key, value in figures.items()
    }


def _rank_points(figures: Figures, normaliser: Normaliser) -> dict[str, Fraction]:
    equals = Counter(figures.values())
    points = {}
    for key, place in places(figures, normaliser.better).items():
        filled = equals[figures[key]] if normaliser.shared == "average" else 1
        at_places = [points_at(place + i, normaliser) for i in range(filled)]
        points[key] = sum(at_places, Fraction(0)) / filled
    return points


def points_at(place: int, normaliser: Normaliser) -> Fraction:
    """Points of a place: from the table (nothing beyond its end), or top less a step each."""
    if normaliser.table:
        beyond = place > len(normaliser.table)
        return Fraction(0) if beyond else normaliser.table[place - 1]
    return max(normaliser.bottom, normaliser.top - normaliser.step * (place - 1))


def _z_score(figures: Figures, normaliser: Normaliser) -> dict[str, Fraction]:
    """centre + spread × (x − mean) ÷ population standard deviation; if all figures are equal, each
    becomes the centre."""
    count = len(figures)
    mean = sum(figures.values(), Fraction(0)) / count
    variance = sum(((value - mean) ** 2 for value in figures.values()), Fraction(0)) / count
    if variance == 0:
        return dict.fromkeys(figures, normaliser.centre)
    sign = -1 if normaliser.better == "lower" else 1
    return {
        key: normaliser.centre + sign * normaliser.spread * _over_root(value - mean, variance)
        for key, value in figures.items()
    }


def _over_root(value: Fraction, square: Fraction) -> Fraction:
    """value ÷ √square, exactly where the root is rational."""
    top, bottom = isqrt(square.numerator), isqrt(square.denominator)
    if top * top == square.numerator and bottom * bottom == square.denominator:
        return value / Fraction(top, bottom)
    return _cut(_CONTEXT.divide(_decimal(value), _CONTEXT.sqrt(_decimal(square))))


def _log_ratio(figures: Figures, normaliser: Normaliser) -> dict[str, Fraction]:
    """ln(1 + x) ÷ ln(1 + the largest figure): differences count by order of magnitude."""
    leader = max(figures.values())
    if leader == 0:
        return dict.fromkeys(figures, Fraction(0))
    whole = _CONTEXT.ln(_decimal(1 + leader))
    return {
        key: normaliser.top * _cut(_CONTEXT.divide(_CONTEXT.ln(_decimal(1 + value)), whole))
        for key, value in figures.items()
    }


def _decimal(value: Fraction) -> Decimal:
    return _CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))


def _cut(value: Decimal) -> Fraction:
    return Fraction(value.quantize(Decimal(1).scaleb(-_KEPT_DECIMALS), context=_CONTEXT))


_KINDS = {
    "none": _none,
    "ratio_to_max": _ratio_to_max,
    "share_of_total": _share_of_total,
    "min_max": _min_max,
    "rank_points": _rank_points,
    "z_score": _z_score,
    "log_ratio": _log_ratio,
}
