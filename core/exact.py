"""Exact numbers and named rounding: the arithmetic under every score.

A score is a `Fraction` from the first mark to the last total. Nothing is rounded unless a
rulebook names the step, and a float never takes part: 0.285 as a float is below 0.285 and
would be rounded half up to 0.28.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

MODES = ("half_up", "half_even", "half_down", "up", "down", "ceiling", "floor")
"""As in the standard library's decimal module: `half_up` goes away from zero at a tie."""

_PLAIN_NUMBER = re.compile(r"[+-]?\d{1,24}(\.\d{1,24})?")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．＋－", "0123456789.+-")
_LARGEST_EXPONENT = 24


@dataclass(frozen=True)
class Rounding:
    """One named rounding step: keep `decimals` places (0 to 12) in the given mode."""

    decimals: int
    mode: str = "half_up"

    def apply(self, value: Fraction) -> Fraction:
        scale = 10**self.decimals
        return Fraction(_whole(value * scale, self.mode), scale)


def round_if(rounding: Rounding | None, value: Fraction) -> Fraction:
    """The value itself where the rulebook names no rounding at this step."""
    return rounding.apply(value) if rounding else value


def _whole(value: Fraction, mode: str) -> int:
    below = value.numerator // value.denominator
    rest = value - below
    if rest == 0:
        return below
    return below + (1 if _goes_up(below, rest, mode) else 0)


def _goes_up(below: int, rest: Fraction, mode: str) -> bool:
    """Whether a value strictly between `below` and `below + 1` becomes the upper one."""
    half = Fraction(1, 2)
    negative = below < 0
    if mode in ("half_up", "half_down", "half_even") and rest != half:
        return rest > half
    away_from_zero = not negative
    return {
        "half_up": away_from_zero,
        "half_down": not away_from_zero,
        "half_even": below % 2 == 1,
        "up": away_from_zero,
        "down": not away_from_zero,
        "ceiling": True,
        "floor": False,
    }[mode]


def fraction_of_decimal(number: Decimal) -> Fraction | None:
    """The exact value, or None for infinities, NaN and exponents beyond any use.

    An exponent such as 1e999999999 is refused before it is expanded in memory.
    """
    if not number.is_finite():
        return None
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > _LARGEST_EXPONENT:
        return None
    if number.adjusted() > _LARGEST_EXPONENT and number != 0:
        return None
    return Fraction(number)


def parse_number(text: str) -> Fraction | None:
    """A plain decimal as people type it, full-width digits included; None if it is not one.

    No other digit-like character counts as a digit: 9² is not read as 92.
    """
    plain = text.translate(_FULL_WIDTH).strip()
    if not plain.isascii() or not _PLAIN_NUMBER.fullmatch(plain):
        return None
    return Fraction(plain)


def exact_text(value: Fraction) -> str:
    """The one way an exact number is written: "9.07" if it ends, else "p/q"."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    if places == 0:
        return str(value.numerator)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def shown(value: Fraction, decimals: int = 4) -> str:
    """For reading only: the exact decimal if short, else cut to `decimals` places with …"""
    text = exact_text(value)
    if "/" not in text and len(text.partition(".")[2]) <= decimals:
        return text
    return exact_text(Rounding(decimals, "down").apply(value)) + "…"


def aligned(column: list[Fraction | None], decimals: int = 12) -> tuple[str, ...]:
    """One column of exact figures with the same number of decimals: 79.50 above 79.54.

    A figure with more than `decimals` is cut there with …; None is an empty cell.
    """
    texts = ["" if value is None else shown(value, decimals) for value in column]
    places = max((len(text.partition(".")[2]) for text in texts if "…" not in text), default=0)
    return tuple(_padded(text, places) for text in texts)


def _padded(text: str, places: int) -> str:
    if not text or "…" in text or not places:
        return text
    whole, _point, decimals = text.partition(".")
    return f"{whole}.{decimals.ljust(places, '0')}"
