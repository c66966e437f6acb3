"""Counting a whole ledger again from its published lines: what any outsider can do.

The lines are the leaves of `voting.rules.ledger`. Everything a ballot box must guarantee is
checked: canonical bytes, numbers without gaps, the window, every quota per pseudonym, voids
that strike real ballots. The first thing wrong ends the count.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

import msgspec

from contest.rules.vocabulary import Voting
from core.clock import BEIJING
from core.i18n import _
from voting.rules.ledger import leaf_hash
from voting.rules.merkle import tree_hash

_MINUTE = timedelta(minutes=1)


class LedgerFault(ValueError):
    """The first thing wrong in a ledger: the sequence number, and a Chinese sentence."""

    def __init__(self, sequence: int, message: str) -> None:
        super().__init__(_("第 %(n)s 号：%(message)s") % {"n": sequence, "message": message})
        self.sequence = sequence


@dataclass(frozen=True)
class Recount:
    """`valid` and `voided` count votes by candidate code; `root` is the RFC 6962 tree hash."""

    valid: Counter[str]
    voided: Counter[str]
    size: int
    root: bytes


class _Ballot(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """Fields in the order of the canonical line, so that encoding it again gives its bytes."""

    contest: str
    day: str
    entries: tuple[str, ...]
    kind: Literal["ballot"]
    minute: str
    sequence: int
    slot: int
    v: Literal[1]
    voter: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]


class _Void(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    approved_by: str
    ballots: tuple[int, ...]
    batch: int
    contest: str
    kind: Literal["void"]
    minute: str
    proposed_by: str
    reason: str
    rule: str
    sequence: int
    v: Literal[1]


_read_ballot = msgspec.json.Decoder(_Ballot).decode
_read_void = msgspec.json.Decoder(_Void).decode
_write = msgspec.json.Encoder().encode


def recount(
    contest: str,
    voting: Voting,
    codes: Set[str],
    ballots: Iterable[bytes],
    voids: Iterable[bytes],
) -> Recount:
    """Count the lines of one contest's ledger; both kinds in order of sequence.

    `codes` are the candidate codes that could be voted for. Raises LedgerFault.
    """
    book = _Book(contest, voting, codes)
    hashes = []
    for sequence, (is_void, line) in enumerate(_merged(ballots, voids), start=1):
        (book.void if is_void else book.ballot)(sequence, line)
        hashes.append(leaf_hash(line))
    return Recount(book.valid, book.voided, len(hashes), tree_hash(hashes))


def _merged(ballots: Iterable[bytes], voids: Iterable[bytes]) -> Iterator[tuple[bool, bytes]]:
    """Both kinds in one order; numbers are checked against 1, 2, 3 … by the book."""
    waiting = iter(voids)
    void = next(waiting, None)
    upcoming = _sequence_of(void) if void is not None else None
    passed = 0
    for line in ballots:
        while void is not None and upcoming == passed + 1:
            yield True, void
            passed += 1
            void = next(waiting, None)
            upcoming = _sequence_of(void) if void is not None else None
        yield False, line
        passed += 1
    while void is not None:
        yield True, void
        void = next(waiting, None)


def _sequence_of(line: bytes) -> int:
    try:
        return _read_void(line).sequence
    except msgspec.MsgspecError as error:
        raise LedgerFault(0, _("作废记录的格式不对")) from error


class _Book:
    """The running count, and what each pseudonym has used so far."""

    def __init__(self, contest: str, voting: Voting, codes: Set[str]) -> None:
        self.valid: Counter[str] = Counter()
        self.voided: Counter[str] = Counter()
        self._contest = contest
        self._voting = voting
        self._codes = codes
        self._entries: dict[int, tuple[str, ...]] = {}
        self._used: defaultdict[str, int] = defaultdict(int)
        self._open_days: dict[str, str] = {}

    def ballot(self, sequence: int, line: bytes) -> None:
        try:
            ballot = _read_ballot(line)
        except msgspec.MsgspecError as error:
            raise LedgerFault(sequence, _("选票的格式不对")) from error
        if _write(ballot) != line:
            raise LedgerFault(sequence, _("选票不是规定的写法"))
        self._check_place(sequence, ballot.sequence, ballot.contest)
        self._check_entries(sequence, ballot.entries)
        self._check_time(sequence, ballot)
        self._check_quotas(sequence, ballot)
        self._entries[sequence] = ballot.entries
        for entry in ballot.entries:
            self.valid[entry] += 1

    def void(self, sequence: int, line: bytes) -> None:
        try:
            void = _read_void(line)
        except msgspec.MsgspecError as error:
            raise LedgerFault(sequence, _("作废记录的格式不对")) from error
        if _write(void) != line:
            raise LedgerFault(sequence, _("作废记录不是规定的写法"))
        self._check_place(sequence, void.sequence, void.contest)
        if void.proposed_by == void.approved_by:
            raise LedgerFault(sequence, _("作废须由两个人分别提出和批准"))
        for struck in void.ballots:
            entries = self._entries.pop(struck, None)
            if entries is None:
                raise LedgerFault(sequence, _("作废的第 %(n)s 号不是有效选票") % {"n": struck})
            self.valid.subtract(entries)
            self.voided.update(entries)

    def _check_place(self, expected: int, sequence: int, contest: str) -> None:
        if sequence != expected:
            raise LedgerFault(expected, _("序号不连续，这里写的是 %(n)s") % {"n": sequence})
        if contest != self._contest:
            raise LedgerFault(expected, _("记录属于别的评选"))

    def _check_entries(self, sequence: int, entries: tuple[str, ...]) -> None:
        limits = self._voting.entries_per_ballot
        if not limits.min <= len(entries) <= limits.max:
            raise LedgerFault(sequence, _("一张选票所选的人数不合规则"))
        if len(set(entries)) != len(entries) or not self._codes >= set(entries):
            raise LedgerFault(sequence, _("选了重复的或没有的编号"))

    def _check_time(self, sequence: int, ballot: _Ballot) -> None:
        minute = ballot.minute
        if minute not in self._open_days:
            self._open_days[minute] = self._open_day(sequence, minute)
        if self._open_days[minute] != ballot.day:
            raise LedgerFault(sequence, _("投票时间不在规则规定的时段内"))

    def _open_day(self, sequence: int, written: str) -> str:
        """The Beijing day of a minute in which voting was open; "" if it was closed.

        A minute is open if any moment of it is: the ledger cuts moments to the minute.
        """
        try:
            minute = datetime.strptime(written, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
        except ValueError as error:
            raise LedgerFault(sequence, _("选票的格式不对")) from error
        window = self._voting.window
        last = minute + _MINUTE - timedelta(microseconds=1)
        opened = window.opens_at <= last and (
            window.daily_from is None or window.daily_from <= last.astimezone(BEIJING).time()
        )
        closed = window.closes_at <= minute or (
            window.daily_to is not None and window.daily_to <= minute.astimezone(BEIJING).time()
        )
        return str(minute.astimezone(BEIJING).date()) if opened and not closed else ""

    def _check_quotas(self, sequence: int, ballot: _Ballot) -> None:
        voting, used, votes = self._voting, self._used, len(ballot.entries)
        voter, today = ballot.voter, ballot.voter + ballot.day
        if ballot.slot != used[today] + 1:
            raise LedgerFault(sequence, _("同一投票人当天的票序不连续"))
        used[today] += votes
        over = voting.votes_per_day is not None and used[today] > voting.votes_per_day
        if voting.votes_per_contest is not None:
            used[voter] += votes
            over = over or used[voter] > voting.votes_per_contest
        if voting.votes_per_entry_per_day is not None:
            for entry in ballot.entries:
                used[today + entry] += 1
                over = over or used[today + entry] > voting.votes_per_entry_per_day
        if over:
            raise LedgerFault(sequence, _("同一投票人用的票数超过限额"))
