"""What the banner waits for in every phase, and the words for how long."""

from datetime import UTC, datetime, timedelta

import pytest

from contest.editions.rules.contest import Contest, Phase
from contest.rulebooks.rules.rulebook import parse_rulebook
from core.beijing import BEIJING
from live.site.rules.contest_clock import clock_of, home_entry, short_moment, time_left
from tests.live.site.rules.test_public_page import CLOSES, DURING, OPENS, contest
from tests.support.contest_data import HEAD, judged


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=3, hours=4, minutes=59), "3 天 4 小时"),
        (timedelta(days=3, minutes=59), "3 天"),
        (timedelta(hours=4, minutes=12, seconds=3), "4 小时 12 分"),
        (timedelta(minutes=12, seconds=5), "12 分 5 秒"),
        (timedelta(minutes=12), "12 分 0 秒"),
        (timedelta(seconds=1), "1 秒"),
        (timedelta(0), "0 秒"),
        (timedelta(seconds=-5), "0 秒"),
    ],
)
def test_time_left_names_two_units(left: timedelta, words: str) -> None:
    assert time_left(left) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 9, 19, 8, 0, tzinfo=BEIJING), "19 日 08:00"),
        (datetime(2026, 10, 1, 8, 0, tzinfo=BEIJING), "10 月 1 日 08:00"),
        (datetime(2027, 1, 1, 8, 0, tzinfo=BEIJING), "2027 年 1 月 1 日 08:00"),
        # already the 13th in Beijing
        (datetime(2026, 9, 12, 16, 30, tzinfo=UTC), "13 日 00:30"),
    ],
)
def test_moment_is_as_short_as_it_can_be(moment: datetime, words: str) -> None:
    assert short_moment(moment, DURING) == words


@pytest.mark.parametrize(
    ("phase", "now", "words", "to"),
    [
        (Phase.NOMINATION, OPENS - timedelta(days=2), "距投票开始还有", OPENS),
        (Phase.REVIEW, OPENS - timedelta(hours=1), "距投票开始还有", OPENS),
        (Phase.REVIEW, DURING, "正在审核候选人资格", None),
        (Phase.VOTING, OPENS - timedelta(seconds=1), "距投票开始还有", OPENS),
        (Phase.VOTING, OPENS, "距投票截止还有", CLOSES),
        (Phase.VOTING, CLOSES, "投票已结束，正在核票", None),
        (Phase.JUDGING, CLOSES, "正在专家评审", None),
        (Phase.TALLYING, CLOSES, "正在计分核定", None),
        (Phase.PUBLIC_NOTICE, CLOSES, "结果公示中", None),
        (Phase.FINAL, CLOSES, "结果已正式公布", None),
    ],
)
def test_banner_counts_down_to_what_comes_next(
    phase: Phase, now: datetime, words: str, to: datetime | None
) -> None:
    clock = clock_of(contest(phase), now)
    assert (clock.words, clock.to) == (words, to)
    assert bool(clock.left) is (to is not None)


def test_contest_without_a_vote_has_nothing_to_count_down_to() -> None:
    rulebook = parse_rulebook(HEAD + judged())
    judged_only = Contest(1, "j", "评审", "", "", Phase.NOMINATION, OPENS, rulebook, 1, OPENS)
    assert clock_of(judged_only, OPENS - timedelta(days=1)).words == "正在接受报名和推荐"


def test_list_of_contests_says_the_same_in_one_line() -> None:
    assert home_entry(contest(), CLOSES - timedelta(hours=5)).words == "距投票截止还有 5 小时"
    assert home_entry(contest(Phase.FINAL), CLOSES).words == "结果已正式公布"
