"""The recount understands restorations, and refuses every one that gives back too much."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.rulebooks.rules.rulebook import parse_rulebook
from contest.rulebooks.rules.vocabulary import Voting
from tests.support.voting import rulebook_text
from voting.ledger.rules.leaves import BallotLeaf, RestoreLeaf, VoidLeaf
from voting.ledger.rules.recount import LedgerFault, Recount, recount

MINUTE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def voting() -> Voting:
    rules = parse_rulebook(rulebook_text()).voting
    assert rules is not None
    return rules


def ballot(sequence: int) -> bytes:
    voter = sequence.to_bytes(16, "big")
    return BallotLeaf("c", sequence, voter, date(2026, 3, 2), 1, ("001",), MINUTE).line()


def void(sequence: int, *ballots: int, batch: int = 1) -> VoidLeaf:
    return VoidLeaf("c", sequence, batch, ballots, "规", "由", "甲", "乙", MINUTE)


def restore(sequence: int, *ballots: int, batch: int = 1) -> RestoreLeaf:
    return RestoreLeaf("c", sequence, batch, ballots, "规", "由", "甲", "乙", MINUTE)


def count(ballots: int, *others: VoidLeaf) -> Recount:
    lines = [ballot(n) for n in range(1, ballots + 1)]
    return recount("c", voting(), {"001"}, lines, [one.line() for one in others])


@given(st.sets(st.integers(1, 6), min_size=1), st.data())
def test_what_is_restored_is_valid_again_and_the_rest_void(
    voided: set[int], data: st.DataObject
) -> None:
    back = data.draw(st.sets(st.sampled_from(sorted(voided)), min_size=1))
    counted = count(6, void(7, *sorted(voided)), restore(8, *sorted(back)))
    assert counted.valid == Counter({"001": 6 - len(voided) + len(back)})
    assert +counted.voided == +Counter({"001": len(voided) - len(back)})
    assert counted.size == 8


@pytest.mark.parametrize(
    "others",
    [
        (restore(3, 1),),
        (void(3, 1), restore(4, 2)),
        (void(3, 1), restore(4, 1, batch=2)),
        (void(3, 1), restore(4, 1), restore(5, 1)),
        (void(3, 1), restore(4, 1, 1)),
        (void(3, 1), void(4, 1)),
    ],
    ids=["valid", "another", "other batch", "twice", "repeated", "void twice"],
)
def test_restoring_or_striking_too_much_is_a_fault(others: tuple[VoidLeaf, ...]) -> None:
    with pytest.raises(LedgerFault):
        count(2, *others)


def test_one_person_alone_restores_nothing() -> None:
    alone = replace(restore(4, 1), approved_by="甲")
    with pytest.raises(LedgerFault, match="两个人"):
        count(2, void(3, 1), alone)
