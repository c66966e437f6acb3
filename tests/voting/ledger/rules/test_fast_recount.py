"""The quick recount says what the careful one says, or leaves it to that one."""

from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.rulebooks.rules.rulebook import parse_rulebook
from contest.rulebooks.rules.vocabulary import Voting
from lab.bench.recount import CODES, CONTEST, RULEBOOK, ballot_lines, void_line
from voting.ledger.rules import fast_ballots as quick_ballots
from voting.ledger.rules import fast_recount as quick_recount_module
from voting.ledger.rules.fast_ballots import UnusualError
from voting.ledger.rules.fast_recount import quick_recount
from voting.ledger.rules.leaves import RestoreLeaf, VoidLeaf
from voting.ledger.rules.recount import LedgerFault, Recount, recount, recount_content

COUNT = 400


def voting() -> Voting:
    rules = parse_rulebook(RULEBOOK).voting
    assert rules is not None
    return rules


@cache
def lines() -> tuple[bytes, ...]:
    return tuple(ballot_lines(COUNT))


def content(ballots: list[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in ballots)


def careful(ballots: bytes, voids: list[bytes]) -> Recount | None:
    try:
        return recount(CONTEST, voting(), set(CODES), ballots.split(b"\n")[:-1], voids)
    except LedgerFault:
        return None


def quick(ballots: bytes, voids: list[bytes]) -> Recount | None:
    try:
        return quick_recount(CONTEST, voting(), set(CODES), ballots, voids)
    except (LedgerFault, UnusualError):
        return None


@pytest.mark.parametrize("chunk", [1, 7, 100_000])
def test_good_ledger_needs_no_second_look(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(quick_ballots, "_CHUNK", chunk)
    ballots, voids = content(list(lines())), [void_line(COUNT)]
    found = quick(ballots, voids)
    assert found is not None
    assert found == careful(ballots, voids)


def test_empty_ledger_is_counted() -> None:
    assert quick(b"", []) == careful(b"", [])
    assert recount_content(CONTEST, voting(), set(CODES), b"", []) == careful(b"", [])


@settings(max_examples=400)
@given(st.data())
def test_changed_bytes_are_never_vouched_for(data: st.DataObject) -> None:
    """Whatever byte is changed, put in or taken out: accepted only if the careful one does."""
    ballots = bytearray(content(list(lines()[:40])))
    place = data.draw(st.integers(0, len(ballots) - 1))
    new = data.draw(st.sampled_from(b'0123456789abcdef",:{}[]TZ-\n \\A\xff'))
    way = data.draw(st.sampled_from(["change", "insert", "delete"]))
    ballots[place : place + (way != "insert")] = bytes([new]) if way != "delete" else b""
    found = quick(bytes(ballots), [])
    if found is not None:
        assert found == careful(bytes(ballots), [])


@given(st.data())
def test_changed_fields_are_never_vouched_for(data: st.DataObject) -> None:
    """A ballot made to use another's voter, slot, entry or time, numbers kept right."""
    ballots = list(lines())
    one, other = (data.draw(st.integers(0, COUNT - 1)) for _ in range(2))
    fields = [ballots[other].split(b'"'), ballots[one].split(b'"')]
    for place in data.draw(st.sets(st.sampled_from([7, 11, 17, 22, 27]), min_size=1)):
        if place < len(fields[1]):
            fields[1][place] = fields[0][place]
    ballots[one] = b'"'.join(fields[1])
    found = quick(content(ballots), [])
    if found is not None:
        assert found == careful(content(ballots), [])


def test_quota_faults_are_named_by_the_careful_recount() -> None:
    ballots = list(lines())
    again = next(n for n, line in enumerate(ballots) if b'"slot":2' in line)
    ballots[again] = ballots[again].replace(b'"slot":2', b'"slot":1')
    assert quick(content(ballots), []) is None
    with pytest.raises(LedgerFault) as fault:
        recount_content(CONTEST, voting(), set(CODES), content(ballots), [])
    assert fault.value.sequence == again + 1


def test_void_of_a_void_or_a_later_ballot_is_not_vouched_for() -> None:
    ballots = content(list(lines()))
    for voided in (b"[401]", b"[0]", b"[1,1]", b"[-1]", b"[999]"):
        start, end = void_line(COUNT).index(b"["), void_line(COUNT).index(b"]") + 1
        wrong = void_line(COUNT)[:start] + voided + void_line(COUNT)[end:]
        assert quick(ballots, [wrong]) is None
        assert careful(ballots, [wrong]) is None


@given(st.data())
def test_voids_and_restorations_are_counted_alike(data: st.DataObject) -> None:
    """Voided and restored at random, rightly and wrongly: one answer, or none from either."""
    minute = datetime(2026, 9, 15, 11, tzinfo=UTC)
    ballots = content(list(lines()[:8]))
    asked = st.tuples(
        st.sampled_from([VoidLeaf, RestoreLeaf]),
        st.integers(1, 2),
        st.lists(st.integers(0, 9), min_size=1, max_size=3),
    )
    others = [
        kind(CONTEST, sequence, batch, tuple(named), "规", "由", "甲", "乙", minute).line()
        for sequence, (kind, batch, named) in enumerate(
            data.draw(st.lists(asked, min_size=1, max_size=4)), start=9
        )
    ]
    assert quick(ballots, others) == careful(ballots, others)


def test_restored_ballots_count_on_both_paths() -> None:
    minute = datetime(2026, 9, 15, 11, tzinfo=UTC)
    ballots = content(list(lines()))
    others = [
        VoidLeaf(CONTEST, 401, 7, (1, 2, 3), "规", "由", "甲", "乙", minute).line(),
        RestoreLeaf(CONTEST, 402, 7, (3, 1), "规", "由", "甲", "乙", minute).line(),
        VoidLeaf(CONTEST, 403, 8, (3,), "规", "由", "甲", "乙", minute).line(),
    ]
    found = quick(ballots, others)
    assert found is not None
    assert found == careful(ballots, others)
    assert (found.valid.total(), found.voided.total()) == (398, 2)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100_000])
def test_voids_between_the_ballots_stand_at_their_places(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """However the ledger is cut into slices, its root is the careful one's."""
    monkeypatch.setattr(quick_recount_module, "_SLICE", size)
    monkeypatch.setattr(quick_ballots, "_SEARCHED", 100 * size)
    minute = datetime(2026, 9, 15, 11, tzinfo=UTC)
    voids = {
        place: VoidLeaf(CONTEST, place, batch, (voided,), "规", "由", "甲", "乙", minute).line()
        for batch, (place, voided) in enumerate([(3, 1), (4, 2), (9, 8), (20, 5)], start=1)
    }
    ballots: list[bytes] = []
    number = 1
    for line in lines()[:16]:
        while number in voids:
            number += 1
        head, _sequence, rest = line.partition(b'"sequence":%d,' % (len(ballots) + 1))
        ballots.append(head + b'"sequence":%d,' % number + rest)
        number += 1
    found = quick(content(ballots), list(voids.values()))
    assert found is not None
    assert found == careful(content(ballots), list(voids.values()))
