"""The checks of `recount` for a common kind of contest, on thousands of ballots at once.

It knows one shape: every ballot names one entry, codes are of one length, a quota by day and
at most one vote for an entry by day. It says "all of this holds" or nothing: whatever looks
unusual is left to `recount`, which names the fault. Voters are told apart by a hash under a
key drawn for each run; two that collide look like a fault, and so are looked at again.
"""

import secrets
from collections.abc import Iterator, Set
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from contest.rulebooks.rules.vocabulary import Voting
from voting.ledger.rules.ballot_lines import BallotReader, LedgerFault

# Lines that are looked at together: as many as fit into a processor's cache.
_CHUNK = 1 << 13
_SEARCHED = 1 << 20
_LONGEST_CODE = 8
_LONGEST_SLOT = 3
_VOTER = 32


Numbers = np.ndarray[Any, Any]


def line_ends(content: bytes) -> Numbers:
    """Where the line ends stand."""
    buffer = np.frombuffer(content, np.uint8)
    found = [
        np.flatnonzero(buffer[start : start + _SEARCHED] == ord("\n")) + start
        for start in range(0, len(buffer), _SEARCHED)
    ]
    return np.concatenate([np.empty(0, np.int64), *found])


class UnusualError(Exception):
    """These ballots cannot be judged quickly; that alone does not make them wrong."""


class QuickBallots:
    """One contest's ballots. Raises UnusualError at whatever it cannot vouch for."""

    def __init__(self, contest: str, voting: Voting, codes: Set[str]) -> None:
        lengths = {len(code.encode()) for code in codes}
        limits = voting.entries_per_ballot
        if (
            (limits.min, limits.max) != (1, 1)
            or voting.votes_per_day is None
            or voting.votes_per_contest is not None
            or voting.votes_per_entry_per_day != 1
            or len(lengths) != 1
            or max(lengths) > _LONGEST_CODE
        ):
            raise UnusualError
        self.codes = sorted(codes, key=str.encode)
        self._length = lengths.pop()
        self._code_keys = np.array(
            [int.from_bytes(code.encode(), "big") for code in self.codes], np.uint64
        )
        self._per_day = voting.votes_per_day
        self._reader = BallotReader(contest, voting, codes)
        self._head = b'{"contest":"%b","day":"' % contest.encode()
        self._days: dict[bytes, int] = {}
        self._random = np.frombuffer(secrets.token_bytes(56), np.uint64) | np.uint64(1)

    def chosen(self, content: bytes, ends: Numbers, sequences: Numbers) -> Numbers:
        """The index into `codes` of each ballot, whose line ends are `ends` and whose numbers
        must be `sequences`."""
        buffer = np.frombuffer(content, np.uint8)
        if len(ends) != len(sequences) or (len(ends) and ends[-1] != len(buffer) - 1):
            raise UnusualError
        starts = np.concatenate(([0], ends[:-1] + 1))
        count = len(ends)
        chosen = np.empty(count, np.int64)
        used, voted = np.empty(count, np.uint64), np.empty(count, np.uint64)
        for first in range(0, count, _CHUNK):
            part = slice(first, first + _CHUNK)
            lengths = ends[part] - starts[part]
            for rows, digits, slot in self._alike(lengths, sequences[part]):
                at = rows + first
                size = len(self._template(digits, slot)[0])
                lines = sliding_window_view(buffer, size)[starts[at]]
                where = chosen, used, voted
                self._check(lines, sequences[at], digits, slot, at, where)
        self._check_quotas(used, voted)
        return chosen

    def _alike(self, lengths: Any, sequences: Any) -> Iterator[tuple[Any, int, int]]:
        """Rows whose fields stand at the same places: by digits of sequence and of slot."""
        digits = np.searchsorted(10 ** np.arange(1, 16), sequences, side="right") + 1
        slots = lengths - digits - (len(self._template(1, 1)[0]) - 2)
        if len(slots) and (slots.min() < 1 or slots.max() > _LONGEST_SLOT):
            raise UnusualError
        kinds = digits * 8 + slots
        for kind in np.unique(kinds):
            yield np.flatnonzero(kinds == kind), int(kind) // 8, int(kind) % 8

    def _template(self, digits: int, slot: int) -> tuple[bytes, dict[str, int]]:
        """A line with zero bytes where it varies, and where that is."""
        line, places = self._head, {}
        for name, length, after in (
            ("day", 10, b'","entries":["'),
            ("code", self._length, b'"],"kind":"ballot","minute":"'),
            ("minute", 17, b'","sequence":'),
            ("sequence", digits, b',"slot":'),
            ("slot", slot, b',"v":1,"voter":"'),
            ("voter", _VOTER, b'"}'),
        ):
            places[name] = len(line)
            line += bytes(length) + after
        return line, places

    def _check(
        self, lines: Any, sequences: Any, digits: int, slot: int, at: Any, where: tuple[Any, ...]
    ) -> None:
        template, places = self._template(digits, slot)
        fixed = np.frombuffer(template, np.uint8)
        if ((lines ^ fixed) & np.where(fixed == 0, 0, 255).astype(np.uint8)).any():
            raise UnusualError
        if (_number(lines, places["sequence"], digits) != sequences).any():
            raise UnusualError
        slots = _number(lines, places["slot"], slot).astype(np.uint64)
        if (lines[:, places["slot"]] == ord("0")).any() or (slots > self._per_day).any():
            raise UnusualError
        code = _packed(lines, places["code"], self._length)
        index = np.minimum(np.searchsorted(self._code_keys, code), len(self.codes) - 1)
        if (self._code_keys[index] != code).any():
            raise UnusualError
        voters = np.ascontiguousarray(lines[:, places["voter"] : places["voter"] + _VOTER])
        if not (((voters - 48) < 10) | ((voters - 97) < 6)).all():
            raise UnusualError
        mixed = (voters.view(np.uint64) * self._random[:4]).sum(axis=1, dtype=np.uint64)
        mixed += self._day_numbers(lines, places) * self._random[4]
        chosen, used, voted = where
        chosen[at] = index
        used[at] = _stirred(mixed, self._random[5]) & ~np.uint64(0xFFFF) | slots
        voted[at] = _stirred(
            mixed + (index + 1).astype(np.uint64) * self._random[6], self._random[5]
        )

    def _day_numbers(self, lines: Any, places: dict[str, int]) -> Any:
        """A number for the day of each line, once day and minute were found to be open."""
        day, minute = places["day"], places["minute"]
        times = np.concatenate((lines[:, day : day + 10], lines[:, minute : minute + 17]), axis=1)
        begins = np.flatnonzero(np.concatenate(([True], (times[1:] != times[:-1]).any(axis=1))))
        numbers = [self._day_number(times[begin].tobytes()) for begin in begins]
        repeats = np.diff(np.concatenate((begins, [len(times)])))
        return np.repeat(np.array(numbers, np.uint64), repeats)

    def _day_number(self, time: bytes) -> int:
        try:
            day = self._reader.open_day(0, time[10:].decode())
        except (LedgerFault, UnicodeDecodeError) as error:
            raise UnusualError from error
        if day.encode() != time[:10]:
            raise UnusualError
        return self._days.setdefault(time[:10], len(self._days) + 1)

    def _check_quotas(self, used: Any, voted: Any) -> None:
        """Slots of a voter's day run 1, 2, 3 … in order of time; no entry twice."""
        voted.sort()
        order = np.argsort(used)
        keys = used[order]
        slots, voters = keys & np.uint64(0xFFFF), keys >> np.uint64(16)
        same = voters[1:] == voters[:-1]
        expected = np.where(same, slots[:-1] + np.uint64(1), np.uint64(1))
        if (voted[1:] == voted[:-1]).any() or (slots[:1] != 1).any():
            raise UnusualError
        if (slots[1:] != expected).any() or (same & (order[1:] < order[:-1])).any():
            raise UnusualError


def _number(lines: Any, start: int, digits: int) -> Any:
    total = np.zeros(len(lines), np.int64)
    for column in range(start, start + digits):
        digit = lines[:, column] - 48
        if (digit > 9).any():
            raise UnusualError
        total = total * 10 + digit
    return total


def _packed(lines: Any, start: int, length: int) -> Any:
    total = np.zeros(len(lines), np.uint64)
    for column in range(start, start + length):
        total = (total << np.uint64(8)) | lines[:, column]
    return total


def _stirred(mixed: Any, odd: Any) -> Any:
    mixed = (mixed ^ (mixed >> np.uint64(31))) * odd
    return mixed ^ (mixed >> np.uint64(29))
