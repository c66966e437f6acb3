"""Exact numbers: no float, named roundings, one way to write each number."""

from decimal import ROUND_HALF_EVEN, Decimal
from decimal import getcontext as _context
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exact import (
    MODES,
    Rounding,
    exact_text,
    fraction_of_decimal,
    parse_number,
    round_if,
    shown,
)

HUNDREDTHS = st.integers(-(10**9), 10**9).map(lambda n: Fraction(n, 1000))


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("half_up", "0.13 -0.13 0.12 0.13"),
        ("half_even", "0.12 -0.12 0.12 0.13"),
        ("half_down", "0.12 -0.12 0.12 0.13"),
        ("up", "0.13 -0.13 0.13 0.13"),
        ("down", "0.12 -0.12 0.12 0.12"),
        ("ceiling", "0.13 -0.12 0.13 0.13"),
        ("floor", "0.12 -0.13 0.12 0.12"),
    ],
)
def test_each_mode_at_a_tie_and_beside_it(mode: str, expected: str) -> None:
    rounding = Rounding(2, mode)
    values = [Fraction("0.125"), Fraction("-0.125"), Fraction("0.1249"), Fraction("0.1251")]
    assert " ".join(exact_text(rounding.apply(value)) for value in values) == expected


def test_a_float_would_have_rounded_this_down() -> None:
    assert Rounding(2).apply(Fraction("0.285")) == Fraction("0.29")
    assert round(0.285, 2) == 0.28


@given(value=HUNDREDTHS, mode=st.sampled_from(MODES), decimals=st.integers(0, 4))
def test_rounding_agrees_with_the_decimal_module(value: Fraction, mode: str, decimals: int) -> None:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    wanted = exact.quantize(Decimal(1).scaleb(-decimals), rounding=f"ROUND_{mode.upper()}")
    assert Rounding(decimals, mode).apply(value) == Fraction(wanted)
    assert _context().rounding == ROUND_HALF_EVEN  # the module's own mode is never touched


@given(value=HUNDREDTHS, mode=st.sampled_from(MODES))
def test_rounding_twice_changes_nothing(value: Fraction, mode: str) -> None:
    rounding = Rounding(1, mode)
    assert rounding.apply(rounding.apply(value)) == rounding.apply(value)


def test_without_a_named_step_nothing_is_rounded() -> None:
    assert round_if(None, Fraction(1, 3)) == Fraction(1, 3)


@given(st.fractions())
def test_exact_text_reads_back_as_the_same_number(value: Fraction) -> None:
    assert Fraction(exact_text(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(-1, 20), "-0.05"),
        (Fraction(907, 100), "9.07"),
        (Fraction(2, 3), "2/3"),
        (Fraction(100), "100"),
    ],
)
def test_exact_text(value: Fraction, text: str) -> None:
    assert exact_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(Fraction(1, 3), "0.3333…"), (Fraction("0.12345"), "0.1234…"), (Fraction("8.5"), "8.5")],
)
def test_shown_says_that_it_was_cut(value: Fraction, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [("９.５", "9.5"), (" +3 ", "3"), ("-0.25", "-0.25"), ("007", "7")],
)
def test_numbers_are_read_as_typed(text: str, value: str) -> None:
    assert parse_number(text) == Fraction(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".5",
        "5.",
        "9²",
        "①",
        "½",
        "1e3",
        "1/3",
        "1,000",
        "٣",
        "九",
        "1" * 25,
        "0." + "1" * 25,
        "1_0",
    ],
)
def test_what_is_no_plain_number_is_none(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e999999999", "1e-999999999", "1e25"])
def test_absurd_decimals_are_refused_before_they_are_expanded(text: str) -> None:
    assert fraction_of_decimal(Decimal(text)) is None
