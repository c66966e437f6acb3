"""The public ledger's leaves: what is written about a ballot, a void or a restoration, in bytes.

A leaf is one line of RFC 8785 canonical JSON (keys sorted, no spaces, UTF-8, integers only),
hashed as RFC 6962 says: SHA-256 over a 0x00 byte and the line. `docs/ledger.md` is the
specification that outsiders implement; the export holds the very same bytes line by line.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import ClassVar

from core.canonical_json import canonical_json
from core.value import Value

_EPOCH, _MINUTE = datetime(1970, 1, 1, tzinfo=UTC), timedelta(minutes=1)


class BallotLeaf(Value, frozen=True):
    """A ballot as the ledger tells it. `contest` is the slug, `voter` the 16-byte pseudonym.

    `day` is the Beijing day whose quota it uses; its entries take that day's slots `slot`,
    `slot + 1` … in the order of `entries`, which are candidate codes. `minute` is the moment
    of casting cut to the minute: enough for an observer, too coarse to follow one person.
    """

    contest: str
    sequence: int
    voter: bytes
    day: date
    slot: int
    entries: tuple[str, ...]
    minute: datetime

    def line(self) -> bytes:
        """Written by hand since it is on the cast path: no value here ever needs escaping."""
        entries = '","'.join(self.entries)
        return (
            f'{{"contest":"{self.contest}","day":"{self.day.isoformat()}",'
            f'"entries":["{entries}"],"kind":"ballot","minute":"{written_minute(self.minute)}",'
            f'"sequence":{self.sequence},"slot":{self.slot},"v":1,"voter":"{self.voter.hex()}"}}'
        ).encode()


@dataclass(frozen=True)
class VoidLeaf:
    """A void as the ledger tells it: the ballots it takes out, by sequence number, and why.

    `rule` names the rule of the contest that was broken, `reason` tells the public how it
    was found; `proposed_by` and `approved_by` are the two persons who answer for it.
    """

    KIND: ClassVar[str] = "void"

    contest: str
    sequence: int
    batch: int
    ballots: tuple[int, ...]
    rule: str
    reason: str
    proposed_by: str
    approved_by: str
    minute: datetime

    def line(self) -> bytes:
        return canonical_json(
            {
                "approved_by": self.approved_by,
                "ballots": list(self.ballots),
                "batch": self.batch,
                "contest": self.contest,
                "kind": self.KIND,
                "minute": written_minute(self.minute),
                "proposed_by": self.proposed_by,
                "reason": self.reason,
                "rule": self.rule,
                "sequence": self.sequence,
                "v": 1,
            }
        )


@dataclass(frozen=True)
class RestoreLeaf(VoidLeaf):
    """A restoration: these ballots, void by `batch`, count again from here on.

    The same fields as a void's: `rule` is what it is restored by, `reason` why.
    """

    KIND: ClassVar[str] = "restore"


def cut_to_minute(moment: datetime) -> datetime:
    """As the ledger tells a moment; one object for all that a rush brings in this minute."""
    return _minute((moment - _EPOCH) // _MINUTE)


@lru_cache(maxsize=1024)
def _minute(number: int) -> datetime:
    return _EPOCH + number * _MINUTE


@lru_cache(maxsize=1024)
def written_minute(moment: datetime) -> str:
    """2026-03-02T01:00Z: UTC, cut to the minute."""
    return moment.astimezone(UTC).isoformat(timespec="minutes")[:16] + "Z"
