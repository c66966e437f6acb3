from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.editions.rules.contest import Phase
from contest.rulebooks.rules.vocabulary import CountDisplay, EntriesPerBallot, Voting, VotingWindow
from voting.casting.rules.eligibility import (
    Candidate,
    Slots,
    Usage,
    check_choice,
    check_time,
    decide,
    next_change,
    votes_left,
)
from voting.casting.rules.refusal import Reason, Refused

OPENS = datetime(2026, 3, 1, 0, 0, tzinfo=UTC)  # 08:00 in Beijing
CLOSES = datetime(2026, 3, 8, 10, 0, tzinfo=UTC)
VOTING = Voting(
    window=VotingWindow(OPENS, CLOSES),
    votes_per_day=3,
    votes_per_contest=None,
    votes_per_entry_per_day=1,
    entries_per_ballot=EntriesPerBallot(1, 1),
    count_display=CountDisplay("live"),
)
HOURS = replace(VOTING, window=VotingWindow(OPENS, CLOSES, time(9), time(22)))
PAPER = {"001": Candidate(11, False), "002": Candidate(12, False), "003": Candidate(13, True)}
MOMENT = timedelta(microseconds=1)


def reason(outcome: Refused | Slots | None) -> Reason | None:
    return outcome.reason if isinstance(outcome, Refused) else None


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (OPENS - MOMENT, Reason.NOT_OPEN_YET),
        (OPENS, None),
        (CLOSES - MOMENT, None),
        (CLOSES, Reason.CLOSED),
    ],
)
def test_check_time_at_the_edges_of_the_window(moment: datetime, expected: Reason | None) -> None:
    assert reason(check_time(VOTING, Phase.VOTING, moment)) == expected


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("08:59:59.999999", Reason.OUTSIDE_HOURS),
        ("09:00:00", None),
        ("21:59:59.999999", None),
        ("22:00:00", Reason.OUTSIDE_HOURS),
    ],
)
def test_check_time_at_the_edges_of_the_day(clock: str, expected: Reason | None) -> None:
    moment = datetime.fromisoformat(f"2026-03-02T{clock}+08:00")
    assert reason(check_time(HOURS, Phase.VOTING, moment)) == expected


@pytest.mark.parametrize("phase", list(Phase))
def test_check_time_heeds_the_phase(phase: Phase) -> None:
    before = {Phase.DRAFT, Phase.NOMINATION, Phase.REVIEW}
    expected = Reason.NOT_OPEN_YET if phase in before else Reason.CLOSED
    outcome = reason(check_time(VOTING, phase, OPENS))
    assert outcome == (None if phase is Phase.VOTING else expected)


def test_check_time_without_a_vote() -> None:
    assert reason(check_time(None, Phase.VOTING, OPENS)) == Reason.NO_VOTING


@pytest.mark.parametrize(
    ("least", "most", "chosen", "expected"),
    [
        (1, 1, ["001"], None),
        (1, 1, [], Reason.WRONG_NUMBER),
        (1, 1, ["001", "002"], Reason.WRONG_NUMBER),
        (1, 3, ["001", "002"], None),
        (1, 3, ["001", "002", "003", "004"], Reason.WRONG_NUMBER),
        (2, 2, ["001"], Reason.WRONG_NUMBER),
        (2, 2, ["001", "002"], None),
        (2, 2, ["001", "001"], Reason.REPEATED_ENTRY),
    ],
)
def test_check_choice_one_up_to_and_exactly(
    least: int, most: int, chosen: list[str], expected: Reason | None
) -> None:
    voting = replace(VOTING, entries_per_ballot=EntriesPerBallot(least, most))
    assert reason(check_choice(voting, chosen)) == expected


@pytest.mark.parametrize(
    ("codes", "usage", "expected"),
    [
        (("001",), Usage(), None),
        (("009",), Usage(), Reason.UNKNOWN_ENTRY),
        (("003",), Usage(), Reason.WITHDRAWN_ENTRY),
        (("001",), Usage(today=3, contest=3), Reason.QUOTA_USED),
        (("001", "002"), Usage(today=2, contest=2), Reason.QUOTA_SHORT),
        (("001",), Usage(1, 1, {11: 1}), Reason.ALREADY_VOTED),
        (("002",), Usage(1, 1, {11: 1}), None),
    ],
)
def test_decide_gives_the_reason(
    codes: tuple[str, ...], usage: Usage, expected: Reason | None
) -> None:
    assert reason(decide(VOTING, codes, PAPER, usage)) == expected


def test_decide_takes_the_next_free_slots() -> None:
    assert decide(VOTING, ("001", "002"), PAPER, Usage(1, 4)) == Slots(
        entrants=(11, 12), codes=("001", "002"), day_slot=2, contest_slot=5, entry_slots=(1, 1)
    )


def test_refusals_say_what_a_person_needs() -> None:
    voting = replace(VOTING, votes_per_day=None, votes_per_contest=5)
    short = decide(voting, ("001", "002"), PAPER, Usage(0, 4))
    used = decide(voting, ("001",), PAPER, Usage(0, 5))
    assert [one.message for one in (short, used) if isinstance(one, Refused)] == [
        "本次评选还剩 1 票，不够填这张选票上的 2 位",
        "本次评选的 5 票已经用完",
    ]
    late = check_time(VOTING, Phase.VOTING, OPENS - MOMENT)
    assert late == Refused(Reason.NOT_OPEN_YET, "投票还没有开始，2026-03-01 08:00 开始")
    # a stranger's words are cut short before they are shown
    unknown = decide(VOTING, ("x" * 10_000,), PAPER, Usage())
    assert unknown == Refused(Reason.UNKNOWN_ENTRY, "没有这个编号的候选人：xxxxxxxxxxxx")


def test_next_change_follows_the_clock() -> None:
    beijing = datetime.fromisoformat
    window = HOURS.window
    assert next_change(window, OPENS - timedelta(days=9)) == OPENS
    assert next_change(window, beijing("2026-03-02T08:30+08:00")) == beijing(
        "2026-03-02T09:00+08:00"
    )
    assert next_change(window, beijing("2026-03-02T09:00+08:00")) == beijing(
        "2026-03-02T22:00+08:00"
    )
    assert next_change(window, beijing("2026-03-02T23:00+08:00")) == beijing(
        "2026-03-03T09:00+08:00"
    )
    assert next_change(window, beijing("2026-03-08T17:00+08:00")) == CLOSES
    assert next_change(window, CLOSES) is None


CODES = ["001", "002", "004"]
FULL_PAPER = {code: Candidate(n, False) for n, code in enumerate(CODES)}


@given(
    per_day=st.none() | st.integers(1, 6),
    per_contest=st.none() | st.integers(1, 8),
    per_entry=st.none() | st.integers(1, 3),
    ballots=st.lists(st.tuples(st.integers(0, 2), st.sets(st.sampled_from(CODES), min_size=1))),
)
def test_no_sequence_of_ballots_exceeds_a_quota(
    per_day: int | None,
    per_contest: int | None,
    per_entry: int | None,
    ballots: list[tuple[int, set[str]]],
) -> None:
    """Days in order; the accepted votes are recounted apart from the usage they were told."""
    voting = replace(
        VOTING,
        votes_per_day=per_day,
        votes_per_contest=per_contest,
        votes_per_entry_per_day=per_entry,
        entries_per_ballot=EntriesPerBallot(1, 3),
    )
    accepted: list[tuple[int, str]] = []
    for day, chosen in sorted(ballots, key=lambda one: one[0]):
        today = [code for voted_on, code in accepted if voted_on == day]
        usage = Usage(
            len(today),
            len(accepted),
            {FULL_PAPER[code].entrant_id: today.count(code) for code in today},
        )
        left = votes_left(voting, usage)
        outcome = decide(voting, sorted(chosen), FULL_PAPER, usage)
        if isinstance(outcome, Slots):
            assert left is None or len(chosen) <= left
            assert usage.after(outcome.entrants).today == len(today) + len(chosen)
            accepted += [(day, code) for code in chosen]
    assert per_contest is None or len(accepted) <= per_contest
    for day in range(3):
        today = [code for voted_on, code in accepted if voted_on == day]
        assert per_day is None or len(today) <= per_day
        assert per_entry is None or all(today.count(code) <= per_entry for code in CODES)
