"""The words and charts of a case."""

import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from voting.review.cases.rules.words import time_chart

BEGINNING = datetime(2026, 11, 26, 2, 43, tzinfo=UTC)  # 10:43 in Beijing


def ticks(minutes: int, count: int, start: int = 0) -> list[str]:
    votes = [1.0] * count
    drawn = time_chart(
        {
            "start": start,
            "width": minutes,
            "counts": votes,
            "expected": votes,
            "threshold": votes,
        },
        BEGINNING,
        "甲",
    )
    return re.findall(r'text-anchor="middle">([^<]+)<', drawn)


def test_ticks_stand_at_round_times_and_say_the_day_once() -> None:
    assert ticks(1, 78) == ["11-26 11:00", "11:30", "12:00"]
    assert ticks(1, 60) == ["11-26 10:45", "11:00", "11:15", "11:30"]
    assert ticks(10, 100) == ["11-26 12:00", "18:00", "11-27 00:00"]
    assert ticks(120, 120) == ["11-28", "11-30", "12-02", "12-04", "12-06"]


@given(st.sampled_from([1, 2, 5, 10, 20, 30, 60, 120]), st.integers(2, 121), st.integers(0, 10**6))
def test_ticks_are_few_enough_to_be_read(minutes: int, count: int, start: int) -> None:
    assert len(ticks(minutes, count, start)) <= 5
