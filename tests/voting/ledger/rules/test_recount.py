"""Every way to falsify a published ledger ends the count and names the place."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from contest.rulebooks.rules.rulebook import parse_rulebook
from tests.support.voting import rulebook_text
from voting.ledger.rules.leaves import BallotLeaf, VoidLeaf
from voting.ledger.rules.recount import LedgerFault, recount

MINUTE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CODES = frozenset({"001", "002", "003"})
RULES = parse_rulebook(rulebook_text(per_day=3, per_contest=4, per_entry=1, entries=(1, 2))).voting


def ballot(sequence: int, voter: int, slot: int, *entries: str, days: int = 0) -> BallotLeaf:
    minute = MINUTE + timedelta(days=days)
    day = date(2026, 3, 2) + timedelta(days=days)
    return BallotLeaf("c", sequence, bytes([voter]) * 16, day, slot, entries, minute)


LEDGER = (
    ballot(1, 1, 1, "001", "002"),
    ballot(2, 2, 1, "001"),
    ballot(3, 1, 3, "003"),
    ballot(4, 1, 1, "001", days=1),
)
VOID = VoidLeaf("c", 5, 1, (2,), "规则", "理由", "甲", "乙", MINUTE)


def count(ballots: list[BallotLeaf], voids: list[VoidLeaf]) -> object:
    assert RULES is not None
    lines = [one.line() for one in ballots]
    return recount("c", RULES, CODES, lines, [one.line() for one in voids])


def test_honest_ledger_is_counted() -> None:
    assert RULES is not None
    lines = [one.line() for one in LEDGER]
    told = recount("c", RULES, CODES, lines, [VOID.line()])
    assert (dict(told.valid), dict(told.voided)) == (
        {"001": 2, "002": 1, "003": 1},
        {"001": 1},
    )
    assert told.size == 5


Change = Callable[[list[BallotLeaf], list[VoidLeaf]], None]


def put(place: int, **changes: object) -> Change:
    def change(ballots: list[BallotLeaf], _voids: list[VoidLeaf]) -> None:
        ballots[place] = msgspec.structs.replace(ballots[place], **changes)

    return change


def put_void(**changes: object) -> Change:
    def change(_ballots: list[BallotLeaf], voids: list[VoidLeaf]) -> None:
        voids[0] = replace(voids[0], **changes)  # type: ignore[arg-type]

    return change


@pytest.mark.parametrize(
    ("change", "sequence"),
    [
        (lambda ballots, _: ballots.pop(1), 2),
        (lambda ballots, _: ballots.insert(1, ballots[0]), 2),
        (put(1, contest="d"), 2),
        (put(1, entries=("004",)), 2),
        (put(1, entries=("001", "001")), 2),
        (put(1, entries=()), 2),
        (put(1, entries=("001", "002", "003")), 2),
        # the slots of one voter's day follow one another
        (put(1, slot=2), 2),
        (put(2, slot=2), 3),
        (put(3, slot=4), 4),
        # moved to another day, hour or week
        (put(1, day=date(2026, 3, 3)), 2),
        (put(1, minute=datetime(2026, 2, 28, 23, 59, tzinfo=UTC)), 2),
        (put(1, minute=datetime(2026, 3, 8, 10, 0, tzinfo=UTC), day=date(2026, 3, 8)), 2),
        # beyond a quota: per entry, per day, per contest
        (put(2, entries=("001",)), 3),
        (put(2, entries=("003", "002")), 3),
        (put(3, entries=("001", "002")), 4),
        (put_void(ballots=(6,)), 5),
        (put_void(ballots=(2, 2)), 5),
        (put_void(approved_by="甲"), 5),
        (put_void(contest="d"), 5),
        (lambda _, voids: voids.append(replace(VOID, sequence=6)), 6),
    ],
)
def test_falsified_ledger_ends_the_count(change: Change, sequence: int) -> None:
    ballots, voids = list(LEDGER), [VOID]
    change(ballots, voids)
    with pytest.raises(LedgerFault) as fault:
        count(ballots, voids)
    assert fault.value.sequence == sequence


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b"[" * 100_000,
        LEDGER[0].line() + b" ",
        LEDGER[0].line().replace(b":1,", b": 1,"),
        LEDGER[0].line().replace(b'"v":1', b'"v":1.0'),
        LEDGER[0].line().replace(b'"001"', b'"\\u0030\\u0030\\u0031"'),
        LEDGER[0].line().upper(),
        LEDGER[0].line().replace(b"2026-03-02T01:00Z", b"2026-3-2T1:00Z"),
        LEDGER[0].line().replace(b"2026-03-02T01:00Z", b"2026-03-02T01:00+00:00"),
        LEDGER[0].line().replace(b"2026-03-02T01:00Z", b"2026-03-02T01:60Z"),
    ],
)
def test_line_that_is_written_otherwise_is_refused(line: bytes) -> None:
    assert RULES is not None
    with pytest.raises(LedgerFault):
        recount("c", RULES, CODES, [line], [])
