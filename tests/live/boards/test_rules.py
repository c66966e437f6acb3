from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.editions.rules.contest import Phase
from contest.rulebooks.rules.vocabulary import CountDisplay
from live.boards.frames import decode_snapshot, encode
from live.boards.rules import (
    Audience,
    Basis,
    Place,
    Snapshot,
    Votes,
    counts_due,
    last_daily_moment,
    next_snapshot,
    worth_publishing,
)
from tests.live.board_snapshots import NOON, OPENS, board_input, contest, withdrawn

PUBLIC, STAFF = Audience.PUBLIC, Audience.STAFF
SIX_PM = CountDisplay("daily_snapshot", time(18, 0))
counts = st.lists(st.integers(0, 40), min_size=1, max_size=12)


def board(*valid: int, audience: Audience = PUBLIC, **given_facts: object) -> Snapshot:
    return next_snapshot(None, board_input(*valid, **given_facts), audience, frozen=False)  # type: ignore[arg-type]


def beijing(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def test_next_snapshot_gives_equal_votes_the_same_rank() -> None:
    rows = board(5, 9, 5, 1).rows
    assert [(row.rank, row.code) for row in rows] == [
        (1, "002"),
        (2, "001"),
        (2, "003"),
        (4, "004"),
    ]


@given(counts)
def test_rank_is_one_more_than_the_number_of_those_with_more_votes(valid: list[int]) -> None:
    for row in board(*valid).rows:
        assert row.valid is not None
        better = sum(other > row.valid for other in valid)
        assert row.rank == (1 + better if any(valid) else None)


@given(counts)
def test_rows_are_all_entrants_in_order_of_rank_then_code(valid: list[int]) -> None:
    rows = board(*valid).rows
    keys = [(row.rank, row.code) for row in rows]
    assert keys == sorted(keys)
    assert {row.entrant for row in rows} == set(range(1, len(valid) + 1))


@given(counts, st.randoms(use_true_random=False))
def test_order_of_entrants_given_does_not_matter(valid: list[int], dice: object) -> None:
    given_facts = board_input(*valid)
    shuffled = list(given_facts.entrants)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    other = replace(given_facts, entrants=tuple(shuffled))
    first = next_snapshot(None, given_facts, PUBLIC, frozen=False)
    assert next_snapshot(None, other, PUBLIC, frozen=False) == first


@given(counts)
def test_totals_are_the_sums_of_the_rows(valid: list[int]) -> None:
    n = len(valid)
    assert board(*valid).totals == Votes(sum(valid), n, 2 * n)


@given(counts, counts)
def test_frozen_board_keeps_all_but_version_and_flag(before: list[int], after: list[int]) -> None:
    first = board(*before)
    later = board_input(*after, phase=Phase.FINAL, now=NOON + timedelta(hours=5))
    held = next_snapshot(first, later, PUBLIC, frozen=True)
    assert held == replace(first, version=first.version + 1, frozen=True)


@given(counts)
def test_snapshot_reads_back_from_its_own_bytes(valid: list[int]) -> None:
    made = board(*valid)
    assert decode_snapshot(encode(made)) == made


def test_withdrawn_entrant_is_off_the_board_and_out_of_the_ranks() -> None:
    given_facts = board_input(5, 9, 1)
    first, second, third = given_facts.entrants
    rows = next_snapshot(
        None, replace(given_facts, entrants=(first, withdrawn(second), third)), PUBLIC, frozen=False
    ).rows
    assert [(row.rank, row.code) for row in rows] == [(1, "001"), (2, "003")]


def test_entrant_without_votes_has_zero_and_nobody_is_first_before_the_first_vote() -> None:
    given_facts = replace(board_input(5, 9), votes={})
    rows = next_snapshot(None, given_facts, PUBLIC, frozen=False).rows
    assert [(row.rank, row.valid) for row in rows] == [(None, 0), (None, 0)]


@pytest.mark.parametrize("phase", [Phase.VOTING, Phase.JUDGING, Phase.TALLYING])
def test_hidden_board_tells_neither_votes_nor_ranks_nor_order(phase: Phase) -> None:
    made = board(5, 9, 1, phase=phase, display="hidden", places={1: Place(1, "99")})
    assert made.basis is Basis.CODE
    assert (made.totals, made.counts_as_of) == (None, None)
    assert [(r.code, r.rank, r.valid, r.under_review, r.void, r.composite) for r in made.rows] == [
        (code, None, None, None, None, None) for code in ("001", "002", "003")
    ]


def test_hidden_board_is_the_same_whatever_the_votes() -> None:
    assert board(5, 9, 1, display="hidden") == board(900, 1, 44, display="hidden")


def test_hidden_votes_are_shown_once_the_result_is_on_notice() -> None:
    made = board(5, 9, phase=Phase.PUBLIC_NOTICE, display="hidden")
    assert [(row.code, row.valid) for row in made.rows] == [("002", 9), ("001", 5)]


def test_staff_see_true_votes_of_a_hidden_contest() -> None:
    made = board(5, 9, display="hidden", audience=STAFF)
    assert [(row.code, row.valid) for row in made.rows] == [("002", 9), ("001", 5)]


@pytest.mark.parametrize("phase", [Phase.VOTING, Phase.JUDGING, Phase.TALLYING])
def test_composite_is_not_the_publics_before_the_notice(phase: Phase) -> None:
    places = {1: Place(1, "93.20"), 2: Place(2, "90.00")}
    made = board(5, 9, phase=phase, places=places)
    assert [(row.code, row.rank, row.composite) for row in made.rows] == [
        ("002", 1, None),
        ("001", 2, None),
    ]


@pytest.mark.parametrize(
    ("phase", "audience"), [(Phase.PUBLIC_NOTICE, PUBLIC), (Phase.JUDGING, STAFF)]
)
def test_composite_decides_the_ranks_where_it_is_shown(phase: Phase, audience: Audience) -> None:
    places = {1: Place(1, "93.20"), 2: Place(2, "90.00")}
    made = board(5, 9, 7, phase=phase, audience=audience, places=places)
    assert made.basis is Basis.COMPOSITE
    assert [(row.code, row.rank, row.composite) for row in made.rows] == [
        ("001", 1, "93.20"),
        ("002", 2, "90.00"),
        ("003", None, None),
    ]


@pytest.mark.parametrize(
    ("phase", "provisional"),
    [(Phase.VOTING, True), (Phase.TALLYING, True), (Phase.PUBLIC_NOTICE, False)],
)
def test_board_is_provisional_until_the_result_is_certified(
    phase: Phase, provisional: bool
) -> None:
    assert board(1, phase=phase).provisional is provisional


@pytest.mark.parametrize(
    ("now", "moment"),
    [
        (beijing(1, 17, 59), None),
        (beijing(1, 18), beijing(1, 18)),
        (beijing(2, 17, 59), beijing(1, 18)),
        (beijing(2, 18), beijing(2, 18)),
        (beijing(3, 0, 1), beijing(2, 18)),
    ],
)
def test_last_daily_moment_turns_at_its_beijing_time(
    now: datetime, moment: datetime | None
) -> None:
    assert last_daily_moment(SIX_PM, OPENS, now) == moment


def test_daily_board_keeps_its_counts_until_the_next_moment() -> None:
    def at(moment: datetime, *valid: int) -> object:
        return board_input(*valid, display="daily_snapshot", now=moment)

    early = next_snapshot(None, at(beijing(1, 12), 3, 1), PUBLIC, frozen=False)  # type: ignore[arg-type]
    assert (early.basis, early.next_counts_at) == (Basis.CODE, beijing(1, 18))
    evening = next_snapshot(early, at(beijing(1, 18, 1), 3, 5), PUBLIC, frozen=False)  # type: ignore[arg-type]
    night = next_snapshot(evening, at(beijing(2, 3), 30, 5), PUBLIC, frozen=False)  # type: ignore[arg-type]
    assert [(r.code, r.valid) for r in evening.rows] == [("002", 5), ("001", 3)]
    assert (night.rows, night.totals) == (evening.rows, evening.totals)
    assert (night.counts_as_of, night.next_counts_at) == (beijing(1, 18, 1), beijing(2, 18))
    assert not worth_publishing(evening, replace(night, next_counts_at=evening.next_counts_at))
    next_day = next_snapshot(night, at(beijing(2, 18), 30, 5), PUBLIC, frozen=False)  # type: ignore[arg-type]
    assert [(r.code, r.valid) for r in next_day.rows] == [("001", 30), ("002", 5)]


@pytest.mark.parametrize(
    ("phase", "now", "due"),
    [
        (Phase.VOTING, OPENS - timedelta(seconds=1), None),
        (Phase.VOTING, OPENS, OPENS),
        (Phase.REVIEW, NOON, None),
        (Phase.JUDGING, NOON, NOON),
    ],
)
def test_counts_due_begin_with_the_vote(phase: Phase, now: datetime, due: datetime | None) -> None:
    assert counts_due(contest(phase), PUBLIC, now) == due


def test_unchanged_board_is_not_published_until_its_time_is_old() -> None:
    first = board(5, 9)

    def after(seconds: int) -> Snapshot:
        later = board_input(5, 9, now=NOON + timedelta(seconds=seconds))
        return next_snapshot(first, later, PUBLIC, frozen=False)

    assert [worth_publishing(first, after(n)) for n in (1, 59, 60)] == [False, False, True]


def test_one_more_vote_is_worth_publishing() -> None:
    first = board(5, 9)
    assert worth_publishing(first, next_snapshot(first, board_input(6, 9), PUBLIC, frozen=False))
