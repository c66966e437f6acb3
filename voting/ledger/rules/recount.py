"""Counting a whole ledger again from its published lines: what any outsider can do.

The lines are the leaves of `voting.ledger.rules.leaves`. Everything a ballot box must guarantee is
checked: canonical bytes, numbers without gaps, the window, every quota per pseudonym, slots
used in their order, voids of ballots that are valid, restorations of ballots that the named
void took out. The first thing wrong ends the count.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from io import BytesIO

from contest.rulebooks.rules.vocabulary import Voting
from core.canonical_json import canonical_json, read_fields, read_json
from core.i18n import _
from voting.ledger.rules.ballot_lines import BallotReader, LedgerFault, check_place
from voting.ledger.rules.merkle import leaf_hash, tree_hash

__all__ = ["LedgerFault", "Recount", "recount", "recount_content"]


@dataclass(frozen=True)
class Recount:
    """`valid` and `voided` count votes by candidate code; `root` is the RFC 6962 tree hash."""

    valid: Counter[str]
    voided: Counter[str]
    size: int
    root: bytes


_VOID_FIELDS = {
    "approved_by": str,
    "ballots": list,
    "batch": int,
    "contest": str,
    "kind": str,
    "minute": str,
    "proposed_by": str,
    "reason": str,
    "rule": str,
    "sequence": int,
    "v": int,
}
_VOID_KINDS = ("void", "restore")


@dataclass(frozen=True)
class Void:
    """A void, or the restoration of what `batch` voided."""

    kind: str
    contest: str
    sequence: int
    batch: int
    ballots: tuple[int, ...]
    proposed_by: str
    approved_by: str


def recount(
    contest: str,
    voting: Voting,
    codes: Set[str],
    ballots: Iterable[bytes],
    voids: Iterable[bytes],
) -> Recount:
    """Count the lines of one contest's ledger; both kinds in order of sequence.

    `voids` are the lines of voids and restorations alike.
    `codes` are the candidate codes that could be voted for. Raises LedgerFault.
    """
    book = _Book(contest, voting, codes)
    root = tree_hash(book.leaf_hashes(ballots, voids))
    return Recount(*book.counts(), book.size, root)


def recount_content(
    contest: str, voting: Voting, codes: Set[str], ballots: bytes, voids: Iterable[bytes]
) -> Recount:
    """`recount` of `ballots.jsonl` as it is and of the lines of `voids.jsonl`."""
    return recount(contest, voting, codes, _lines(ballots), voids)


def _lines(content: bytes) -> Iterator[bytes]:
    for sequence, line in enumerate(BytesIO(content), start=1):
        if not line.endswith(b"\n"):
            raise LedgerFault(sequence, _("最后一行不完整"))
        yield line[:-1]


class _Book:
    """What each ballot names, and what each pseudonym has used so far.

    `_named` holds the entries of leaf 1, 2, 3 …, None for what is no ballot and for what is
    void; `_voided` holds the latter, with the batch that voided it.
    """

    def __init__(self, contest: str, voting: Voting, codes: Set[str]) -> None:
        self._contest = contest
        self._read_ballot = BallotReader(contest, voting, codes).read
        self._quotas = _Quotas(voting)
        self._named: list[tuple[str, ...] | None] = []
        self._voided: dict[int, tuple[int, tuple[str, ...]]] = {}

    @property
    def size(self) -> int:
        return len(self._named)

    def counts(self) -> tuple[Counter[str], Counter[str]]:
        """Votes by candidate code: valid, and void."""
        void = (entries for _batch, entries in self._voided.values())
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
            yield leaf_hash(line)
            sequence += 1
        while waiting.next_sequence is not None:
            yield self._void(sequence, waiting.take())
            sequence += 1

    def _void(self, sequence: int, line: bytes) -> bytes:
        void = checked_void(sequence, line, self._contest)
        if void.kind == "void":
            self._take_out(sequence, void)
        else:
            self._restore(sequence, void)
        self._named.append(None)
        return leaf_hash(line)

    def _take_out(self, sequence: int, void: Void) -> None:
        for number in void.ballots:
            entries = self._named[number - 1] if 0 < number < sequence else None
            if entries is None:
                raise LedgerFault(sequence, _("作废的第 %(n)s 号不是有效选票") % {"n": number})
            self._named[number - 1] = None
            self._voided[number] = (void.batch, entries)

    def _restore(self, sequence: int, restoration: Void) -> None:
        for number in restoration.ballots:
            batch, entries = self._voided.pop(number, (None, ()))
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
        self.next_sequence = None if line is None else sequence_of_void(line)
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
    check_place(sequence, void.sequence, void.contest, contest)
    if void.proposed_by == void.approved_by:
        raise LedgerFault(sequence, _("作废须由两个人分别提出和批准"))
    return void


def sequence_of_void(line: bytes) -> int:
    """Where a void or a restoration says that it stands. Raises LedgerFault."""
    return _decoded_void(0, line).sequence


def _decoded_void(sequence: int, line: bytes) -> Void:
    try:
        plain = read_fields(read_json(line), _VOID_FIELDS)
        if plain["v"] != 1 or plain["kind"] not in _VOID_KINDS:
            raise ValueError("another kind or version")
        if any(type(one) is not int for one in plain["ballots"]):
            raise ValueError("a ballot is named by its number")
        as_written = canonical_json(plain)
    except ValueError as error:
        raise LedgerFault(sequence, _("作废记录的格式不对")) from error
    if as_written != line:
        raise LedgerFault(sequence, _("作废记录不是规定的写法"))
    return Void(
        kind=plain["kind"],
        contest=plain["contest"],
        sequence=plain["sequence"],
        batch=plain["batch"],
        ballots=tuple(plain["ballots"]),
        proposed_by=plain["proposed_by"],
        approved_by=plain["approved_by"],
    )


def _votes(choices: Iterable[tuple[str, ...]]) -> Counter[str]:
    votes: Counter[str] = Counter()
    for entries, ballots in Counter(choices).items():
        for entry in entries:
            votes[entry] += ballots
    return votes
