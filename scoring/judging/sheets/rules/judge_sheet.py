"""A judge's sheet: the marks of one judge in one round, and the bytes that are signed.

The canonical form is what the signature covers, what the bundle carries and what the
verifier reads again, so it is JSON with sorted keys, no spaces and exact decimals as text.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from core.canonical_json import canonical_text, read_fields, read_json
from core.exact import exact_text, parse_number


class EntryStatus(StrEnum):
    """The state of one entrant on one judge's sheet.

    Recused, absent and a mark of zero are three different things: only submitted marks reach a
    panel's mean.
    """

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RECUSED = "recused"
    ABSENT = "absent"

    @property
    def is_settled(self) -> bool:
        return self is not EntryStatus.DRAFT


class SheetState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    LOCKED = "locked"


class SigningMethod(StrEnum):
    """Who vouches for a version: the judge's PIN; the organiser for a judge who gave no
    mark at all; two people for a correction or for a judge who can no longer sign."""

    PIN = "pin"
    ABSENCE = "absence"
    TWO_PEOPLE = "two_people"


@dataclass(frozen=True)
class Entry:
    """One entrant's part of a sheet; `marks` holds the criteria that were given a mark."""

    code: str
    status: EntryStatus
    marks: Mapping[str, Fraction]
    reason: str = ""


@dataclass(frozen=True)
class SheetContent:
    """What a judge signs. `seat` is the judge's number on the panel, from 1."""

    contest: str
    rulebook_digest: str
    round: str
    seat: int
    judge: str
    entries: tuple[Entry, ...]

    def canonical(self) -> str:
        """The text whose UTF-8 bytes are digested and signed; entries in order of code."""
        return canonical_text(
            {
                "contest": self.contest,
                "rulebook": self.rulebook_digest,
                "round": self.round,
                "seat": self.seat,
                "judge": self.judge,
                "entries": [_plain(one) for one in sorted(self.entries, key=lambda e: e.code)],
            }
        )


def _plain(entry: Entry) -> dict[str, Any]:
    """A recused or absent judge's stray marks are left out: they count for nothing."""
    counts = entry.status is EntryStatus.SUBMITTED
    return {
        "code": entry.code,
        "status": entry.status.value,
        "reason": entry.reason,
        "marks": {k: exact_text(v) for k, v in entry.marks.items()} if counts else {},
    }


_SHEET_FIELDS = {
    "contest": str,
    "rulebook": str,
    "round": str,
    "seat": int,
    "judge": str,
    "entries": list,
}
_ENTRY_FIELDS = {"code": str, "status": str, "reason": str, "marks": dict}


def content_from_canonical(text: str) -> SheetContent:
    """The sheet that `canonical` wrote; ValueError when it is not one."""
    plain = read_fields(read_json(text), _SHEET_FIELDS)
    sheet = SheetContent(
        contest=plain["contest"],
        rulebook_digest=plain["rulebook"],
        round=plain["round"],
        seat=plain["seat"],
        judge=plain["judge"],
        entries=tuple(_read_entry(one) for one in plain["entries"]),
    )
    if sheet.canonical() != text:
        raise ValueError("not the canonical form")
    return sheet


def _read_entry(value: object) -> Entry:
    plain = read_fields(value, _ENTRY_FIELDS)
    return Entry(
        code=plain["code"],
        status=EntryStatus(plain["status"]),
        marks={criterion: _mark(mark) for criterion, mark in plain["marks"].items()},
        reason=plain["reason"],
    )


def _mark(text: object) -> Fraction:
    """A mark is a plain decimal: 1e999999999 would fill the memory before it is compared."""
    value = parse_number(text) if isinstance(text, str) else None
    if value is None:
        raise ValueError("not a mark")
    return value


def digest_of(canonical: str) -> str:
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class Signing:
    """The act of signing one version of a sheet, all of which the signature covers."""

    digest: str
    version: int
    method: SigningMethod
    signed_by: str
    signed_at: datetime
    reason: str = ""

    def message(self) -> bytes:
        """The bytes given to Ed25519; the time in UTC to the microsecond."""
        return canonical_text(
            {
                "digest": self.digest,
                "version": self.version,
                "method": self.method.value,
                "signed_by": self.signed_by,
                "signed_at": self.signed_at.astimezone(UTC).isoformat(timespec="microseconds"),
                "reason": self.reason,
            }
        ).encode()


def state_of(entries: Mapping[str, EntryStatus], expected: set[str], *, signed: bool) -> SheetState:
    """The state of a whole sheet; `expected` are the codes that must be settled on it."""
    if signed:
        return SheetState.LOCKED
    settled = {code for code, status in entries.items() if status.is_settled}
    return SheetState.SUBMITTED if expected and expected <= settled else SheetState.DRAFT
