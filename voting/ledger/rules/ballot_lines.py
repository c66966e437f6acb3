"""Reading ballot lines of the ledger, a million at a time.

A line is `{stem},"sequence":n,"slot":s,"v":1,"voter":"…"}`. Its stem (contest, day, entries,
minute) is shared by every ballot of that minute for the same entries. So a stem is decoded
and judged once; of the lines that share it only the end is looked at, byte for byte.
"""

import re
from collections.abc import Set
from datetime import datetime, timedelta
from typing import Any

from contest.rulebooks.rules.vocabulary import Voting
from core.beijing import BEIJING
from core.canonical_json import canonical_json, read_fields, read_json
from core.i18n import _

_MINUTE = timedelta(minutes=1)
_MINUTE_WRITTEN = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z")
_HEX = b"0123456789abcdef"
_TAIL = 34
"""The length of a voter's 32 digits and what ends the line: `"}`."""

_MOST_STEMS = 100_000
"""When so many stems are known they are forgotten: those of past minutes are not needed again."""


class LedgerFault(ValueError):
    """The first thing wrong in a ledger: the sequence number, and a Chinese sentence."""

    def __init__(self, sequence: int, message: str) -> None:
        super().__init__(_("第 %(n)s 号：%(message)s") % {"n": sequence, "message": message})
        self.sequence = sequence


_FIELDS = {
    "contest": str,
    "day": str,
    "entries": list,
    "kind": str,
    "minute": str,
    "sequence": int,
    "slot": int,
    "v": int,
    "voter": str,
}
_VOTER = re.compile("[0-9a-f]{32}")

Read = tuple[bytes, tuple[str, ...], int, bytes]
"""Day, entries, slot and voter (32 hex digits) of one ballot."""


class BallotReader:
    """Reads one contest's ballots and checks what can be told from a ballot alone."""

    def __init__(self, contest: str, voting: Voting, codes: Set[str]) -> None:
        self._contest = contest
        self._voting = voting
        self._codes = codes
        self._stems: dict[bytes, tuple[bytes, tuple[str, ...]]] = {}
        self._slots: dict[bytes, int] = {}
        self._open_days: dict[str, str] = {}
        self._choices: dict[tuple[str, ...], tuple[str, ...]] = {}

    def read(self, sequence: int, line: bytes) -> Read:
        """The ballot that must stand at `sequence`. Raises LedgerFault."""
        stem, _found, rest = line.partition(b',"sequence":%d,"slot":' % sequence)
        known = self._stems.get(stem)
        slot = self._slots.get(rest[:-_TAIL])
        voter = rest[-_TAIL:-2]
        if known is None or slot is None or voter.strip(_HEX) or rest[-2:] != b'"}':
            return self._read_whole(sequence, line)
        return *known, slot, voter

    def _read_whole(self, sequence: int, line: bytes) -> Read:
        ballot = _decoded(sequence, line)
        check_place(sequence, ballot["sequence"], ballot["contest"], self._contest)
        entries = self._checked_entries(sequence, tuple(ballot["entries"]))
        if self.open_day(sequence, ballot["minute"]) != ballot["day"]:
            raise LedgerFault(sequence, _("投票时间不在规则规定的时段内"))
        day = ballot["day"].encode()
        stem, _found, rest = line.partition(b',"sequence":%d,"slot":' % sequence)
        if len(self._stems) >= _MOST_STEMS:
            self._stems.clear()
        self._stems[stem] = day, entries
        self._slots[rest[:-_TAIL]] = ballot["slot"]
        return day, entries, ballot["slot"], rest[-_TAIL:-2]

    def _checked_entries(self, sequence: int, entries: tuple[str, ...]) -> tuple[str, ...]:
        """The same entries, as one object for all ballots that name them."""
        known = self._choices.get(entries)
        if known is not None:
            return known
        limits = self._voting.entries_per_ballot
        if not limits.min <= len(entries) <= limits.max:
            raise LedgerFault(sequence, _("一张选票所选的人数不合规则"))
        if len(set(entries)) != len(entries) or not self._codes >= set(entries):
            raise LedgerFault(sequence, _("选了重复的或没有的编号"))
        return self._choices.setdefault(entries, entries)

    def open_day(self, sequence: int, minute: str) -> str:
        """The Beijing day of a minute in which voting was open; "" if it was closed.

        Raises LedgerFault for what is no minute.
        """
        if minute not in self._open_days:
            self._open_days[minute] = self._open_day(sequence, minute)
        return self._open_days[minute]

    def _open_day(self, sequence: int, written: str) -> str:
        """A minute is open if any moment of it is: the ledger cuts moments to the minute."""
        try:
            if not _MINUTE_WRITTEN.fullmatch(written):
                raise ValueError(written)
            minute = datetime.fromisoformat(written)
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


def _decoded(sequence: int, line: bytes) -> dict[str, Any]:
    """The fields of one ballot, of the right kinds and written in the canonical way."""
    try:
        ballot = read_fields(read_json(line), _FIELDS)
        if (ballot["kind"], ballot["v"]) != ("ballot", 1):
            raise ValueError("another kind or version")
        if any(type(one) is not str for one in ballot["entries"]):
            raise ValueError("an entry is named by its code")
        if ballot["slot"] < 1 or not _VOTER.fullmatch(ballot["voter"]):
            raise ValueError("no slot or no voter")
        as_written = canonical_json(ballot)
    except ValueError as error:
        raise LedgerFault(sequence, _("选票的格式不对")) from error
    if as_written != line:
        raise LedgerFault(sequence, _("选票不是规定的写法"))
    return ballot


def check_place(expected: int, sequence: int, contest: str, own: str) -> None:
    """Raises LedgerFault unless the leaf stands where it says, in its own contest's ledger."""
    if sequence != expected:
        raise LedgerFault(expected, _("序号不连续，这里写的是 %(n)s") % {"n": sequence})
    if contest != own:
        raise LedgerFault(expected, _("记录属于别的评选"))
