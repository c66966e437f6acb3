"""What entering a code comes to."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.sign_in.sms.rules import CODE_TRIES, CodeOutcome, SentCode, judge_code

END = datetime(2026, 3, 2, 1, 5, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("tries", "used", "matches", "at", "outcome"),
    [
        (0, False, True, END - TICK, CodeOutcome.RIGHT),
        (4, False, True, END - TICK, CodeOutcome.RIGHT),
        (0, False, False, END - TICK, CodeOutcome.WRONG),
        (5, False, True, END - TICK, CodeOutcome.EXHAUSTED),
        (0, False, True, END, CodeOutcome.EXPIRED),
        (5, False, True, END, CodeOutcome.EXPIRED),
        (0, True, True, END - TICK, CodeOutcome.USED),
        (5, True, False, END, CodeOutcome.USED),
    ],
)
def test_outcome(tries: int, used: bool, matches: bool, at: datetime, outcome: CodeOutcome) -> None:
    assert judge_code(SentCode(END, tries, used), matches=matches, now=at) is outcome


@given(st.integers(0, 9), st.booleans(), st.integers(-600, 600), st.booleans())
def test_only_a_fresh_code_says_whether_it_was_right(
    tries: int, used: bool, seconds: int, matches: bool
) -> None:
    now = END + timedelta(seconds=seconds)
    said = judge_code(SentCode(END, tries, used), matches=matches, now=now)
    fresh = not used and now < END and tries < CODE_TRIES
    assert (said in (CodeOutcome.RIGHT, CodeOutcome.WRONG)) == fresh
    assert (said is CodeOutcome.RIGHT) == (fresh and matches)
