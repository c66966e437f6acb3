"""A faster recount for ledgers of millions of ballots, which needs numpy.

It either finds that everything is plainly right, or says nothing: whatever it cannot vouch for
is to be counted by `recount`, ballot by ballot, which also names the fault if there is one.
Nobody has to trust it, since `recount` alone gives the same answer.
"""

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from hashlib import sha256
from itertools import chain
from typing import Any

import numpy as np

from contest.rulebooks.rules.vocabulary import Voting
from voting.ledger.rules.fast_ballots import Numbers, QuickBallots, UnusualError, line_ends
from voting.ledger.rules.merkle import LEAF_PREFIX, leaf_hash, tree_hash
from voting.ledger.rules.recount import Recount, Void, checked_void, sequence_of_void

_SLICE = 1 << 13


def quick_recount(
    contest: str, voting: Voting, codes: Set[str], ballots: bytes, voids: Sequence[bytes]
) -> Recount:
    """Count `ballots.jsonl` as it is and the lines of `voids.jsonl`.

    Raises UnusualError or LedgerFault where anything is not plainly right.
    """
    quick = QuickBallots(contest, voting, codes)
    places = [sequence_of_void(line) for line in voids]
    ends = line_ends(ballots)
    size = len(ends) + len(voids)
    if any(one >= other for one, other in zip([0, *places], [*places, size + 1], strict=True)):
        raise UnusualError
    everything = np.arange(1, size + 1)
    sequences = np.delete(everything, np.array(places, np.int64) - 1)
    named = np.full(size + 1, -1)
    named[sequences] = quick.chosen(ballots, ends, sequences)
    voided_by: dict[int, tuple[int, int]] = {}
    for place, line in zip(places, voids, strict=True):
        void = checked_void(place, line, contest)
        (_void if void.kind == "void" else _restore)(named, voided_by, place, void)
    voided = Counter(quick.codes[code] for _batch, code in voided_by.values())
    root = tree_hash(chain.from_iterable(_leaf_hashes(ballots, ends, places, voids)))
    return Recount(_valid(named, quick.codes), voided, size, root)


def _void(named: Any, voided_by: dict[int, tuple[int, int]], place: int, void: Void) -> None:
    for ballot in void.ballots:
        if not 0 < ballot < place or named[ballot] < 0:
            raise UnusualError
        voided_by[ballot] = (void.batch, int(named[ballot]))
        named[ballot] = -1


def _restore(named: Any, voided_by: dict[int, tuple[int, int]], _place: int, void: Void) -> None:
    for ballot in void.ballots:
        batch, code = voided_by.pop(ballot, (None, -1))
        if batch != void.batch:
            raise UnusualError
        named[ballot] = code


def _valid(named: Any, codes: Sequence[str]) -> Counter[str]:
    votes = np.bincount(named[named >= 0], minlength=len(codes)).tolist()
    return Counter({code: count for code, count in zip(codes, votes, strict=True) if count})


def _leaf_hashes(
    ballots: bytes, ends: Numbers, places: Sequence[int], voids: Sequence[bytes]
) -> Iterator[list[bytes]]:
    """In the order of the ledger, a slice at a time."""
    first = 0
    for number, (place, void) in enumerate(zip(places, voids, strict=True)):
        yield from _ballot_hashes(ballots, ends, first, place - 1 - number)
        yield [leaf_hash(void)]
        first = place - 1 - number
    yield from _ballot_hashes(ballots, ends, first, len(ends))


def _ballot_hashes(ballots: bytes, ends: Numbers, first: int, last: int) -> Iterator[list[bytes]]:
    """Of the ballots [first, last), counted from 0. The prefix is put before all lines of a
    slice at once, and each hash is of one whole object."""
    for start in range(first, last, _SLICE):
        stop = min(start + _SLICE, last)
        text = ballots[ends[start - 1] + 1 if start else 0 : ends[stop - 1]]
        leaves = (LEAF_PREFIX + text.replace(b"\n", b"\n" + LEAF_PREFIX)).split(b"\n")
        yield [sha256(leaf).digest() for leaf in leaves]
