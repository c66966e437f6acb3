"""Figures and moments as a Chinese reader expects them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.numbers import (
    beijing,
    beijing_brief,
    exact_count,
    masked_contact,
    masked_phone,
    money,
    short_count,
)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0"),
        (999, "999"),
        (1_204, "1,204"),
        (9_999, "9,999"),
        (10_000, "1万"),
        (12_000, "1.2万"),
        (12_999, "1.2万"),
        (99_999, "9.9万"),
        (99_999_999, "9999.9万"),
        (100_000_000, "1亿"),
        (349_999_999, "3.4亿"),
    ],
)
def test_public_count_is_short(number: int, shown: str) -> None:
    assert short_count(number) == shown


def test_exact_count_keeps_every_one() -> None:
    assert [exact_count(n) for n in (0, 999, 1_204, 1_234_567)] == [
        "0",
        "999",
        "1,204",
        "1,234,567",
    ]


def by_hand(number: int) -> str:
    """Digits cut off one by one, without any arithmetic of fractions."""
    for zeros, name in ((8, "亿"), (4, "万")):
        digits = str(number)
        if len(digits) > zeros:
            whole, tenth = digits[:-zeros], digits[-zeros]
            return (whole if tenth == "0" else f"{whole}.{tenth}") + name
    digits = str(number)
    return f"{digits[:-3]},{digits[-3:]}" if len(digits) > 3 else digits


@given(st.integers(0, 10**13))
def test_public_count_is_cut_and_never_overstates(number: int) -> None:
    assert short_count(number) == by_hand(number)


@given(st.integers(0, 10**13), st.integers(0, 10**6))
def test_more_never_looks_like_less(number: int, more: int) -> None:
    def value(shown: str) -> float:
        unit = {"亿": 1e8, "万": 1e4}.get(shown[-1])
        return float(shown[:-1]) * unit if unit else float(shown.replace(",", ""))

    assert value(short_count(number)) <= value(short_count(number + more))


@pytest.mark.parametrize(
    ("fen", "shown"),
    [
        (0, "¥0.00"),
        (5, "¥0.05"),
        (2_000_000, "¥20,000.00"),
        (-1, "-¥0.01"),
        (-123_456, "-¥1,234.56"),
    ],
)
def test_money(fen: int, shown: str) -> None:
    assert money(fen) == shown


@given(st.integers(-(10**15), 10**15))
def test_money_says_every_fen(fen: int) -> None:
    assert int(money(fen).replace("¥", "").replace(",", "").replace(".", "")) == fen


def test_moment_is_in_beijing() -> None:
    assert beijing(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == "2026-03-02 00:00"
    assert beijing(datetime(2026, 3, 1, 16, 0, tzinfo=UTC), "%H:%M") == "00:00"


def test_brief_moment_has_its_year_only_where_it_is_not_this_one() -> None:
    new_year_in_beijing = datetime(2025, 12, 31, 16, 0, tzinfo=UTC)
    later = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
    assert beijing_brief(new_year_in_beijing, later) == "01-01 00:00"
    before = datetime(2025, 12, 31, 15, 59, tzinfo=UTC)
    assert beijing_brief(before, later) == "2025-12-31 23:59"


def test_phone_is_masked() -> None:
    assert masked_phone("13812345678") == "138****5678"
    assert masked_contact("13812345678") == "138****5678"
    assert masked_contact("某@例.cn") == "某****"
    assert masked_contact("") == "****"
