"""The conditions between phases, each side of every boundary; no clock is read."""

from datetime import UTC, date, datetime, timedelta

import pytest

from contest.editions.rules.contest import Contest, Phase
from contest.phases.rules import (
    PHASE_NAMES,
    Deadline,
    PhaseFacts,
    blockers,
    next_deadline,
    next_phase,
    phases_of,
)
from contest.rulebooks.rules.rulebook import Rulebook, parse_rulebook
from tests.support.contest_data import VOTES_ONLY, VOTING, judged, rulebook
from tests.support.contests import rulebook_text

OPENS = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=10)
SECOND = timedelta(seconds=1)
TOP_TEN = parse_rulebook(rulebook_text(opens_at=OPENS, closes_at=CLOSES))
READY = PhaseFacts(entrants=10)


def contest(phase: Phase, rules: Rulebook = TOP_TEN, **more: object) -> Contest:
    fields: dict[str, object] = {
        "id": 1,
        "slug": "one",
        "title": "评选",
        "series": "one",
        "edition": "2026",
        "phase": phase,
        "phase_since": OPENS,
        "rulebook": rules,
        "rulebook_number": 1,
        "created_at": OPENS,
        **more,
    }
    return Contest(**fields)  # type: ignore[arg-type]


def codes(given: Contest, to: Phase, facts: PhaseFacts = READY, now: datetime = OPENS) -> list[str]:
    return [blocker.code for blocker in blockers(given, to, facts, now)]


def test_every_phase_has_a_name() -> None:
    assert set(PHASE_NAMES) == set(Phase)


def test_contest_without_a_vote_or_judges_passes_those_phases_over() -> None:
    judges_only = rulebook(judged())
    assert next_phase(contest(Phase.REVIEW, judges_only)) is Phase.JUDGING
    votes_only = rulebook(VOTING, VOTES_ONLY % ("ratio_to_max", ""))
    assert next_phase(contest(Phase.VOTING, votes_only)) is Phase.TALLYING
    assert Phase.PUBLIC_NOTICE in phases_of(contest(Phase.DRAFT, votes_only))
    assert next_phase(contest(Phase.FINAL)) is None


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("to", list(Phase))
def test_only_the_next_phase_can_be_entered(phase: Phase, to: Phase) -> None:
    given = contest(phase)
    assert ("not_next" in codes(given, to)) == (to is not next_phase(given))


@pytest.mark.parametrize(
    ("now", "found"),
    [(OPENS - SECOND, ["nomination_open"]), (OPENS, []), (OPENS + SECOND, [])],
    ids=["before", "at", "after"],
)
def test_nomination_lasts_to_its_published_deadline(now: datetime, found: list[str]) -> None:
    given = contest(Phase.NOMINATION, nomination_closes_at=OPENS)
    assert codes(given, Phase.REVIEW, now=now) == found


def test_nobody_nominated_blocks_the_review() -> None:
    given = contest(Phase.NOMINATION)
    assert codes(given, Phase.REVIEW, PhaseFacts()) == ["nobody_nominated"]
    assert codes(given, Phase.REVIEW, PhaseFacts(nominations_submitted=1)) == []
    assert codes(given, Phase.REVIEW, PhaseFacts(entrants=1)) == []


def test_review_names_all_that_is_unfinished_at_once() -> None:
    facts = PhaseFacts(nominations_submitted=2, without_code=1)
    found = blockers(contest(Phase.REVIEW), Phase.VOTING, facts, OPENS)
    assert [blocker.message for blocker in found] == [
        "还有 2 份推荐没有审核",
        "还有 1 位候选人没有编号",
        "审核通过的候选人只有 0 位，至少要有 1 位",
    ]


@pytest.mark.parametrize(
    ("entrants", "found"), [(2, ["too_few_entrants"]), (3, [])], ids=["too few", "enough"]
)
def test_a_ballot_of_exactly_three_needs_three_entrants(entrants: int, found: list[str]) -> None:
    text = rulebook_text(
        opens_at=OPENS, closes_at=CLOSES, entries_per_ballot="{ min = 3, max = 3 }"
    )
    given = contest(Phase.REVIEW, parse_rulebook(text))
    assert codes(given, Phase.VOTING, PhaseFacts(entrants=entrants)) == found


@pytest.mark.parametrize(
    ("now", "entering", "leaving"),
    [
        (CLOSES - SECOND, [], ["window_open"]),
        (CLOSES, ["window_over"], []),
        (CLOSES + SECOND, ["window_over"], []),
    ],
    ids=["before", "at", "after"],
)
def test_vote_begins_before_and_ends_at_its_closing_moment(
    now: datetime, entering: list[str], leaving: list[str]
) -> None:
    assert codes(contest(Phase.REVIEW), Phase.VOTING, now=now) == entering
    assert codes(contest(Phase.VOTING), Phase.JUDGING, now=now) == leaving


def test_tallying_waits_for_figures_and_the_approval_document() -> None:
    facts = PhaseFacts(figures_missing=("播放量", "点赞量"), figures_unverified=1)
    assert codes(contest(Phase.TALLYING), Phase.PUBLIC_NOTICE, facts) == [
        "figures_unverified",
        "figures_missing",
        "figures_missing",
        "approval_missing",
    ]
    approved = contest(Phase.TALLYING, approval_document="同政发〔2026〕1号")
    assert codes(approved, Phase.PUBLIC_NOTICE) == []
    unknown = PhaseFacts(notice_days_known=False)
    assert codes(approved, Phase.PUBLIC_NOTICE, unknown) == ["holidays_unknown"]


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (datetime(2026, 3, 10, 15, 59, 59, tzinfo=UTC), ["notice_running"]),
        (datetime(2026, 3, 10, 16, 0, tzinfo=UTC), []),
    ],
    ids=["last second in Beijing", "midnight in Beijing"],
)
def test_notice_ends_with_its_last_day_in_beijing(now: datetime, found: list[str]) -> None:
    given = contest(Phase.PUBLIC_NOTICE, notice_ends_on=date(2026, 3, 10))
    assert codes(given, Phase.FINAL, now=now) == found
    waiting = PhaseFacts(objections_open=1)
    assert codes(given, Phase.FINAL, waiting, now) == [*found, "objections_open"]


@pytest.mark.parametrize(
    ("given", "now", "due"),
    [
        (contest(Phase.DRAFT), OPENS - SECOND, Deadline("投票开始", OPENS)),
        (
            contest(Phase.NOMINATION, nomination_closes_at=OPENS - SECOND),
            OPENS - SECOND,
            Deadline("推荐截止", OPENS - SECOND),
        ),
        (contest(Phase.VOTING), OPENS - SECOND, Deadline("投票开始", OPENS)),
        (contest(Phase.VOTING), OPENS, Deadline("投票截止", CLOSES)),
        (contest(Phase.JUDGING), OPENS, None),
        (
            contest(Phase.PUBLIC_NOTICE, notice_ends_on=date(2026, 3, 10)),
            OPENS,
            Deadline("公示截止", date(2026, 3, 10)),
        ),
        (contest(Phase.FINAL), OPENS, None),
    ],
)
def test_next_deadline(given: Contest, now: datetime, due: Deadline | None) -> None:
    assert next_deadline(given, now) == due
