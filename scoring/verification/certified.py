"""From what was signed and cast to what is scored: the last step before the engine.

The server certifies through these functions and the verifier repeats them, so that no figure
reaches the engine by a way that an outsider cannot follow. Entrants are named by candidate
code, judges by their seat number.
"""

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from contest.rulebooks.rules.rulebook import Rulebook
from core.i18n import _
from scoring.engine.data import Mark, VoteCount
from scoring.judging.rules.judge_sheet import (
    SheetContent,
    Signing,
    SigningMethod,
    content_from_canonical,
    digest_of,
)
from scoring.judging.rules.sheet_marks import marks_of


class SheetFault(ValueError):
    """The first thing wrong with the sheets, as a Chinese sentence."""


class SignedSheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One version of a sheet as a line of `sheets.jsonl`: the canonical text that was
    digested, and what `Signing.message` covers. `signature` is hex."""

    content: str
    method: str
    reason: str
    signature: str
    signed_at: datetime
    signed_by: str
    version: int


def signed_line(content: str, signing: Signing, signature: bytes) -> bytes:
    """The line of `sheets.jsonl` for one signed version."""
    return msgspec.json.encode(
        SignedSheet(
            content=content,
            method=signing.method.value,
            reason=signing.reason,
            signature=signature.hex(),
            signed_at=signing.signed_at,
            signed_by=signing.signed_by,
            version=signing.version,
        )
    )


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

    `lines` hold a SignedSheet each; marks for entrants outside `codes` are left out.
    Raises SheetFault.
    """
    assert rulebook.judging is not None
    latest: dict[tuple[int, str], _Version] = {}
    place_before = (0, "", 0)
    key = Ed25519PublicKey.from_public_bytes(public_key)
    for place, line in enumerate(lines, start=1):
        signed, sheet = _checked(place, line, key)
        where = _("第 %(n)s 份评分表") % {"n": place}
        if (sheet.contest, sheet.rulebook_digest) != (contest, rulebook.digest):
            raise SheetFault(_("%(where)s属于别的评选或别的规则") % {"where": where})
        before = latest.get((sheet.seat, sheet.round))
        if signed.version != (before.number if before else 0) + 1:
            raise SheetFault(_("%(where)s的版本号不连续") % {"where": where})
        place_here = (sheet.seat, sheet.round, signed.version)
        if place_here <= place_before:
            raise SheetFault(_("%(where)s没有按座位、轮次、版本的顺序排") % {"where": where})
        place_before = place_here
        latest[(sheet.seat, sheet.round)] = _Version(signed.version, sheet)
    return [
        mark for one in latest.values() for mark in marks_of(one.sheet, rulebook.judging, codes)
    ]


def _checked(place: int, line: bytes, key: Ed25519PublicKey) -> tuple[SignedSheet, SheetContent]:
    where = _("第 %(n)s 份评分表") % {"n": place}
    try:
        signed = msgspec.json.decode(line, type=SignedSheet)
        sheet = content_from_canonical(signed.content)
        signing = Signing(
            digest=digest_of(signed.content),
            version=signed.version,
            method=SigningMethod(signed.method),
            signed_by=signed.signed_by,
            signed_at=signed.signed_at,
            reason=signed.reason,
        )
        key.verify(bytes.fromhex(signed.signature), signing.message())
    except InvalidSignature as error:
        raise SheetFault(_("%(where)s的签名不符") % {"where": where}) from error
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise SheetFault(_("%(where)s的格式不对") % {"where": where}) from error
    if signed_line(signed.content, signing, bytes.fromhex(signed.signature)) != line:
        raise SheetFault(_("%(where)s不是规定的写法") % {"where": where})
    return signed, sheet
