"""The fund through the year, from what each account gained in each month."""

import re
from datetime import date

import pytest

from fund.overview.rules import MonthEnd, month_ends, year_chart
from fund.rules.books import Account

GAINS = [
    {"month": date(2026, 1, 1), "account": Account.APPROPRIATED.value, "amount": -200_000_000},
    {"month": date(2026, 2, 1), "account": Account.RESERVED.value, "amount": 500_000},
    {"month": date(2026, 3, 1), "account": Account.RESERVED.value, "amount": -500_000},
    {"month": date(2026, 3, 1), "account": Account.PAID.value, "amount": 400_000},
    {"month": date(2026, 3, 1), "account": Account.TAX_WITHHELD.value, "amount": 100_000},
]


def test_each_month_ends_with_what_was_held_by_then() -> None:
    january, february, march = month_ends(GAINS, 2026, date(2026, 3, 31))
    assert january == MonthEnd(1, 200_000_000, 0, 0)
    assert february == MonthEnd(2, 200_000_000, 0, 500_000)
    assert march == MonthEnd(3, 200_000_000, 500_000, 0)
    assert [one.available for one in (january, february, march)] == [
        200_000_000,
        199_500_000,
        199_500_000,
    ]


@pytest.mark.parametrize(
    ("today", "months"),
    [
        (date(2025, 12, 31), 0),
        (date(2026, 1, 1), 1),
        (date(2026, 12, 31), 12),
        (date(2027, 1, 1), 12),
    ],
)
def test_months_end_with_this_one(today: date, months: int) -> None:
    assert len(month_ends(GAINS, 2026, today)) == months


def test_what_is_booked_outside_the_year_counts_at_its_edge() -> None:
    early = {"month": date(2025, 12, 1), "account": Account.APPROPRIATED.value, "amount": -300}
    late = {"month": date(2027, 1, 1), "account": Account.PAID.value, "amount": 100}
    ends = month_ends([early, late], 2026, date(2027, 2, 1))
    assert (ends[0].appropriated, ends[0].paid) == (300, 0)
    assert (ends[10].paid, ends[11].paid) == (0, 100)


def test_chart_has_a_bar_for_what_there_is_and_names_the_newest_amounts() -> None:
    ends = month_ends(GAINS, 2026, date(2026, 3, 31))
    picture = year_chart("2026年<资金>", ends)
    assert "2026年&lt;资金&gt;" in picture
    assert picture.count("<rect ") == 2  # set aside in February, paid in March
    assert all(
        words in picture for words in ("拨款 ¥2,000,000.00", "已付 ¥5,000.00", "已预留 ¥0.00")
    )
    assert "style" not in picture


def test_parts_of_a_column_lie_on_each_other() -> None:
    picture = year_chart("资金", [MonthEnd(1, 1000, 250, 250)])
    (paid_y, paid_height), (set_aside_y, set_aside_height) = [
        (float(y), float(height))
        for y, height in re.findall(r'<rect [^>]*y="([\d.]+)"[^>]*height="([\d.]+)"', picture)
    ]
    assert paid_height == set_aside_height
    assert set_aside_y + set_aside_height == pytest.approx(paid_y)


def test_chart_of_a_year_that_has_not_begun_is_empty() -> None:
    picture = year_chart("资金", [])
    assert "<rect " not in picture
    assert "拨款" not in picture
