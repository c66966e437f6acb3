"""Signals tell many from few, and name nobody."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.web.network import network_prefix
from voting.signals.rules.retention import LONGEST, purge_at
from voting.signals.rules.signal import MOST_MINUTES, Seen, agent_class, signal_of

AT = datetime(2026, 3, 2, 1, 0, 7, 654321, tzinfo=UTC)


def seen(**given: Any) -> Seen:
    values = {"contest_id": 1, "sequence": 5, "account_id": 9, "at": AT}
    values |= {"address": "203.0.113.7", "device": "d", "user_agent": ""}
    return Seen(**{**values, **given})


def test_same_prefix_and_device_are_alike_in_one_contest_and_unlike_in_another() -> None:
    one = signal_of(seen(), "203.0.113.0/24", b"key one", None)
    same = signal_of(seen(sequence=6), "203.0.113.0/24", b"key one", None)
    other = signal_of(seen(), "203.0.113.0/24", b"key two", None)
    assert (one.prefix, one.device) == (same.prefix, same.device)
    assert one.prefix != other.prefix
    assert one.device != other.device
    assert one.prefix is not None
    assert len(one.prefix) == 8


def test_nothing_seen_is_nothing_kept() -> None:
    kept = signal_of(seen(device=""), "", b"key", None)
    assert (kept.prefix, kept.device, kept.account_minutes) == (None, None, None)
    assert kept.at.microsecond == 0


@given(st.integers(-10, 10_000_000))
def test_age_tells_new_from_old_and_no_more(minutes: int) -> None:
    kept = signal_of(seen(), "", b"key", AT - timedelta(minutes=minutes))
    assert kept.account_minutes == max(0, min(MOST_MINUTES, minutes))


@pytest.mark.parametrize(
    ("agent", "word"),
    [
        ("Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0", "wechat"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)", "phone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "desktop"),
        ("python-httpx/0.28", "program"),
        ("  ", "none"),
    ],
)
def test_agent_is_one_word(agent: str, word: str) -> None:
    assert agent_class(agent) == word


def test_ipv6_prefixes_are_of_the_asked_length() -> None:
    assert network_prefix("2001:db8:1:2:3::4", ipv6_bits=48) == "2001:db8:1::/48"
    assert network_prefix("2001:db8:1:2:3::4") == "2001:db8:1::/56"


def test_signals_go_after_the_last_day_for_objections() -> None:
    closes = datetime(2026, 3, 8, 10, tzinfo=UTC)
    contest: Any = SimpleNamespace(closes_at=closes, notice_ends_on=date(2026, 3, 20))
    # seven whole days after the 20th: from midnight of the 28th, Beijing time
    assert purge_at(contest, 7) == datetime(2026, 3, 27, 16, tzinfo=UTC)
    contest.notice_ends_on = None
    assert purge_at(contest, 7) == closes + LONGEST
    contest.notice_ends_on = date(2027, 3, 20)
    assert purge_at(contest, 7) == closes + LONGEST
    contest.closes_at = None
    assert purge_at(contest, 7) is None
