"""From what was signed and cast to what is scored: the last step before the engine.

The server certifies through these functions and the verifier repeats them, so that every figure
that reaches the engine can be derived by an outsider. Entrants are named by candidate code, judges
by their seat number.
"""

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import UTC, datetime

from contest.rulebooks.rules.rulebook import Rulebook
from core.canonical_json import canonical_json, read_fields, read_json
from core.ed25519 import is_signed
from core.i18n import _
from scoring.engine.data import Mark, VoteCount
from scoring.judging.sheets.rules.judge_sheet import (
    SheetContent,
    Signing,
    SigningMethod,
    content_from_canonical,
    digest_of,
)
from scoring.judging.sheets.rules.sheet_marks import marks_of


class SheetFault(ValueError):
    """The first thing wrong with the sheets, as a Chinese sentence."""


_LINE_FIELDS = {
    "content": str,
    "method": str,
    "reason": str,
    "signature": str,
    "signed_at": str,
    "signed_by": str,
    "version": int,
}


def signed_line(content: str, signing: Signing, signature: bytes) -> bytes:
    """The line of `sheets.jsonl` for one signed version: the canonical text that was
    digested, and what `Signing.message` covers."""
    return canonical_json(
        {
            "content": content,
            "method": signing.method.value,
            "reason": signing.reason,
            "signature": signature.hex(),
            "signed_at": _written(signing.signed_at),
            "signed_by": signing.signed_by,
            "version": signing.version,
        }
    )


def _written(moment: datetime) -> str:
    """A moment in UTC, with microseconds only where there are any: 2026-03-02T01:30:00Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True)
class _Version:
    number: int
    sheet: SheetContent


def vote_counts(
    codes: Set[str], valid: Mapping[str, int], voided: Mapping[str, int]
) -> list[VoteCount]:
    """A row for every entrant, in order of code."""
    return [VoteCount(code, valid.get(code, 0), voided.get(code, 0)) for code in sorted(codes)]


def marks_in_force(
    contest: str,
    rulebook: Rulebook,
    codes: Collection[str],
    lines: Iterable[bytes],
    public_key: bytes,
) -> list[Mark]:
    """The marks in force: those of each sheet's highest version, every version checked.

    `lines` are as `signed_line` writes them; marks for entrants outside `codes` are left out.
    Raises SheetFault.
    """
    assert rulebook.judging is not None
    latest: dict[tuple[int, str], _Version] = {}
    place_before = (0, "", 0)
    for place, line in enumerate(lines, start=1):
        version, sheet = _checked(place, line, public_key)
        where = _("第 %(n)s 份评分表") % {"n": place}
        if (sheet.contest, sheet.rulebook_digest) != (contest, rulebook.digest):
            raise SheetFault(_("%(where)s属于别的评选或别的规则") % {"where": where})
        before = latest.get((sheet.seat, sheet.round))
        if version != (before.number if before else 0) + 1:
            raise SheetFault(_("%(where)s的版本号不连续") % {"where": where})
        place_here = (sheet.seat, sheet.round, version)
        if place_here <= place_before:
            raise SheetFault(_("%(where)s没有按座位、轮次、版本的顺序排") % {"where": where})
        place_before = place_here
        latest[(sheet.seat, sheet.round)] = _Version(version, sheet)
    return [
        mark for one in latest.values() for mark in marks_of(one.sheet, rulebook.judging, codes)
    ]


def _checked(place: int, line: bytes, public_key: bytes) -> tuple[int, SheetContent]:
    """The version and the sheet of one line whose signature holds. Raises SheetFault."""
    where = _("第 %(n)s 份评分表") % {"n": place}
    try:
        signed = read_fields(read_json(line), _LINE_FIELDS)
        sheet = content_from_canonical(signed["content"])
        signing = Signing(
            digest=digest_of(signed["content"]),
            version=signed["version"],
            method=SigningMethod(signed["method"]),
            signed_by=signed["signed_by"],
            signed_at=_moment(signed["signed_at"]),
            reason=signed["reason"],
        )
        signature = bytes.fromhex(signed["signature"])
        message = signing.message()
        as_written = signed_line(signed["content"], signing, signature)
    except (ValueError, OverflowError) as error:
        raise SheetFault(_("%(where)s的格式不对") % {"where": where}) from error
    if not is_signed(public_key, signature, message):
        raise SheetFault(_("%(where)s的签名不符") % {"where": where})
    if as_written != line:
        raise SheetFault(_("%(where)s不是规定的写法") % {"where": where})
    return signing.version, sheet


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without its time zone")
    return moment
