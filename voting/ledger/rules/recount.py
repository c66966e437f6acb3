"""Counting a whole ledger again from its published lines: what any outsider can do.

The lines are the leaves of `voting.ledger.rules.leaves`. Everything a ballot box must guarantee is
checked: canonical bytes, numbers without gaps, the window, every quota per pseudonym, slots
used in their order, voids that strike valid ballots, restorations that give back what one
batch struck. The first thing wrong ends the count.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

import msgspec

from contest.rulebooks.rules.vocabulary import Voting
from core.i18n import _
from voting.ledger.rules.ballot_lines import BallotReader, LedgerFault, check_place
from voting.ledger.rules.leaves import LEAF_PREFIX
from voting.merkle_log.rules.merkle import tree_hash

__all__ = ["LedgerFault", "Recount", "recount"]


@dataclass(frozen=True)
class Recount:
    """`valid` and `voided` count votes by candidate code; `root` is the RFC 6962 tree hash."""

    valid: Counter[str]
    voided: Counter[str]
    size: int
    root: bytes


class Void(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """A void, or the restoration of what `batch` struck.

    Fields in the order of the canonical line, so that encoding it again gives its bytes.
    """

    approved_by: str
    ballots: tuple[int, ...]
    batch: int
    contest: str
    kind: Literal["void", "restore"]
    minute: str
    proposed_by: str
    reason: str
    rule: str
    sequence: int
    v: Literal[1]


_read_void = msgspec.json.Decoder(Void).decode
_write = msgspec.json.Encoder().encode


def recount(
    contest: str,
    voting: Voting,
    codes: Set[str],
    ballots: Iterable[bytes],
    voids: Iterable[bytes],
) -> Recount:
    """Count the lines of one contest's ledger; both kinds in order of sequence.

    `voids` holds the restorations too, since one answers the other.
    `codes` are the candidate codes that could be voted for. Raises LedgerFault.
    """
    book = _Book(contest, voting, codes)
    root = tree_hash(book.leaf_hashes(ballots, voids))
    return Recount(*book.counts(), book.size, root)


class _Book:
    """What each ballot names, and what each pseudonym has used so far.

    `_named` holds the entries of leaf 1, 2, 3 …, None for what is no ballot and for what is
    void; `_struck` holds the latter, with the batch that struck it.
    """

    def __init__(self, contest: str, voting: Voting, codes: Set[str]) -> None:
        self._contest = contest
        self._read_ballot = BallotReader(contest, voting, codes).read
        self._quotas = _Quotas(voting)
        self._named: list[tuple[str, ...] | None] = []
        self._struck: dict[int, tuple[int, tuple[str, ...]]] = {}

    @property
    def size(self) -> int:
        return len(self._named)

    def counts(self) -> tuple[Counter[str], Counter[str]]:
        """Votes by candidate code: valid, and void."""
        void = (entries for _batch, entries in self._struck.values())
        return _votes(one for one in self._named if one is not None), _votes(void)

    def leaf_hashes(self, ballots: Iterable[bytes], voids: Iterable[bytes]) -> Iterator[bytes]:
        """Enter every line in its order, and hash it."""
        waiting = _Voids(voids)
        sequence = 1
        for line in ballots:
            while waiting.next_sequence == sequence:
                yield self._void(sequence, waiting.take())
                sequence += 1
            day, entries, slot, voter = self._read_ballot(sequence, line)
            if not self._quotas.allow(voter, day, entries, slot):
                raise LedgerFault(sequence, _("同一投票人用的票数超过限额，或名额序号不连续"))
            self._named.append(entries)
            yield sha256(LEAF_PREFIX + line).digest()
            sequence += 1
        while waiting.next_sequence is not None:
            yield self._void(sequence, waiting.take())
            sequence += 1

    def _void(self, sequence: int, line: bytes) -> bytes:
        void = checked_void(sequence, line, self._contest)
        if void.kind == "void":
            self._strike(sequence, void)
        else:
            self._restore(sequence, void)
        self._named.append(None)
        return sha256(LEAF_PREFIX + line).digest()

    def _strike(self, sequence: int, void: Void) -> None:
        for struck in void.ballots:
            entries = self._named[struck - 1] if 0 < struck < sequence else None
            if entries is None:
                raise LedgerFault(sequence, _("作废的第 %(n)s 号不是有效选票") % {"n": struck})
            self._named[struck - 1] = None
            self._struck[struck] = (void.batch, entries)

    def _restore(self, sequence: int, restoration: Void) -> None:
        for number in restoration.ballots:
            batch, entries = self._struck.pop(number, (None, ()))
            if batch != restoration.batch:
                raise LedgerFault(
                    sequence, _("恢复的第 %(n)s 号不是这一批作废的选票") % {"n": number}
                )
            self._named[number - 1] = entries


class _Voids:
    """The voids and restorations still to come, and the place of the next one."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self._next = b""
        self.next_sequence: int | None = None
        self._advance()

    def take(self) -> bytes:
        line = self._next
        self._advance()
        return line

    def _advance(self) -> None:
        line = next(self._lines, None)
        self.next_sequence = None if line is None else _decoded_void(0, line).sequence
        self._next = line or b""


class _Quotas:
    """What each pseudonym has used: the entries of each of its days, and votes in all."""

    def __init__(self, voting: Voting) -> None:
        self._per_day = voting.votes_per_day
        self._per_contest = voting.votes_per_contest
        self._per_entry = voting.votes_per_entry_per_day
        self._days: dict[bytes, tuple[str, ...]] = {}
        self._counts: dict[bytes, int] = {}

    def allow(self, voter: bytes, day: bytes, entries: tuple[str, ...], slot: int) -> bool:
        """Use what the ballot uses; whether all of it was still free, from `slot` on."""
        key = voter + day
        if self._per_entry is None:
            before = self._counts.get(key, 0)
            total = self._counts[key] = before + len(entries)
        else:
            named = self._days.get(key, ())
            before = len(named)
            named = self._days[key] = named + entries
            total = len(named)
            if before and any(named.count(one) > self._per_entry for one in entries):
                return False
        if slot != before + 1 or (self._per_day is not None and total > self._per_day):
            return False
        return self._per_contest is None or self._within_contest(voter, len(entries))

    def _within_contest(self, voter: bytes, votes: int) -> bool:
        assert self._per_contest is not None
        total = self._counts[voter] = self._counts.get(voter, 0) + votes
        return total <= self._per_contest


def checked_void(sequence: int, line: bytes, contest: str) -> Void:
    """The void or the restoration that stands at `sequence`. Raises LedgerFault."""
    void = _decoded_void(sequence, line)
    if _write(void) != line:
        raise LedgerFault(sequence, _("作废记录不是规定的写法"))
    check_place(sequence, void.sequence, void.contest, contest)
    if void.proposed_by == void.approved_by:
        raise LedgerFault(sequence, _("作废须由两个人分别提出和批准"))
    return void


def sequence_of_void(line: bytes) -> int:
    """Where a void or a restoration says that it stands. Raises LedgerFault."""
    return _decoded_void(0, line).sequence


def _decoded_void(sequence: int, line: bytes) -> Void:
    try:
        return _read_void(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise LedgerFault(sequence, _("作废记录的格式不对")) from error


def _votes(choices: Iterable[tuple[str, ...]]) -> Counter[str]:
    votes: Counter[str] = Counter()
    for entries, ballots in Counter(choices).items():
        for entry in entries:
            votes[entry] += ballots
    return votes
