"""Locking a sheet with the judge's PIN: the signature, and the question asked before it."""

from dataclasses import dataclass, replace
from datetime import datetime

from accounts import service as accounts
from contest.editions.rules.contest import Contest, Phase
from core import audit
from core.audit import Actor
from core.crypto import KeyRing
from core.database import db
from core.i18n import _
from core.problems import Conflict, FieldError, Invalid
from scoring.judging.panel.service import Judge, judging_rules
from scoring.judging.sheets import store as store_sheets
from scoring.judging.sheets import version_store as store_versions
from scoring.judging.sheets.rules.judge_sheet import (
    EntryStatus,
    SheetState,
    Signing,
    SigningMethod,
    digest_of,
)
from scoring.judging.sheets.version_store import SignedVersion
from scoring.judging.snapshot import JudgingSnapshot, SheetView, content_of, read_snapshot


def sheet_to_sign(snapshot: JudgingSnapshot, judge: Judge) -> SheetView | None:
    """The first of the judge's sheets that is complete and unsigned."""
    return next((s for s in snapshot.sheets_of(judge) if s.state is SheetState.SUBMITTED), None)


def reverses_the_panel(snapshot: JudgingSnapshot, sheet: SheetView) -> bool:
    """Whether the sheet clearly reverses the order of the other judges, so that the judge is asked
    to confirm.

    It is compared with what colleagues have submitted; the judge learns nothing else about their
    marks.
    """
    from scoring.engine.panel_agreement import reversed_sheet

    totals = {
        judge.seat.id: {
            entry.entrant.code: entry.total
            for entry in snapshot.sheet(judge, sheet.round).entries
            if entry.status is EntryStatus.SUBMITTED
        }
        for judge in snapshot.judges
    }
    own = totals.pop(sheet.judge.seat.id)
    return reversed_sheet(own, list(totals.values())).reversed


@dataclass(frozen=True)
class Hand:
    """Who signs, with which keys and when. `signature_name` is the name shown under the sheet where
    it is not the actor's alone."""

    actor: Actor
    keys: KeyRing
    now: datetime
    signature_name: str = ""

    @property
    def name(self) -> str:
        return self.signature_name or self.actor.name


async def sign(
    contest: Contest, judge: Judge, pin: str, hand: Hand, *, confirmed: bool
) -> SignedVersion:
    """Lock the judge's next complete sheet with the judge's PIN.

    `confirmed` says that the judge was shown the reversal and confirms the order. Raises Invalid
    for a wrong PIN or an unconfirmed reversal, and Conflict when no sheet is complete.
    """
    refuse_unless_judging(contest)
    errors = []
    if not await accounts.check_pin(judge.seat.account_id, pin, hand.now):
        errors.append(FieldError("pin", _("PIN 码不正确")))
    async with db.unit_of_work():
        for one in judging_rules(contest).rounds:
            await store_sheets.lock_sheet(judge.seat.id, one.id)
        snapshot = await read_snapshot(contest)
        sheet = sheet_to_sign(snapshot, judge)
        if sheet is None:
            raise Conflict(
                "nothing_to_sign", _("没有等待签字的评分表：还有选手没有提交，或已经签过字")
            )
        if not confirmed and reverses_the_panel(snapshot, sheet):
            errors.append(FieldError("confirmed", _("请核对名次顺序后勾选确认")))
        if errors:
            raise Invalid("cannot_sign", _("还不能签字，请看标出的内容"), errors=errors)
        return await lock(contest, sheet, SigningMethod.PIN, hand)


def refuse_unless_judging(contest: Contest) -> None:
    if contest.phase is not Phase.JUDGING:
        raise Conflict("not_judging", _("现在不是评审阶段"))


async def lock(
    contest: Contest, sheet: SheetView, method: SigningMethod, hand: Hand, reason: str = ""
) -> SignedVersion:
    """Write the first version of a sheet that this unit of work has locked."""
    sheet_id = await store_sheets.lock_sheet(sheet.judge.seat.id, sheet.round)
    content = content_of(contest, sheet).canonical()
    signing = Signing(digest_of(content), 1, method, hand.name, hand.now, reason)
    version = SignedVersion(
        sheet_id, sheet.judge.seat.id, sheet.round, content, signing, _signature(signing, hand)
    )
    await add_version(contest, version, hand)
    return version


def _signature(signing: Signing, hand: Hand) -> bytes:
    return hand.keys.sign(signing.message())


def next_version(before: SignedVersion, content: str, reason: str, hand: Hand) -> SignedVersion:
    """The corrected version of a locked sheet, signed in the name of two people."""
    signing = Signing(
        digest_of(content),
        before.signing.version + 1,
        SigningMethod.TWO_PEOPLE,
        hand.name,
        hand.now,
        reason,
    )
    return replace(before, content=content, signing=signing, signature=_signature(signing, hand))


async def add_version(contest: Contest, version: SignedVersion, hand: Hand) -> None:
    """Write a version and say so in the audit log."""
    await store_versions.add_version(version, hand.actor.account_id or 0)
    details = {
        "sheet": version.sheet_id,
        "round": version.round,
        "version": version.signing.version,
        "digest": version.signing.digest,
        "method": version.signing.method.value,
        "reason": version.signing.reason,
    }
    await audit.record(hand.actor, "sheet.signed", "contest", contest.id, hand.now, details)
