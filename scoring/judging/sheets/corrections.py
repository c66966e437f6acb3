"""After the lock: a change is a new version, with a reason and a second person's approval.

In the same way two people lock a finished sheet whose judge can no longer sign it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from contest.editions.rules.contest import Contest, Phase
from core import audit
from core.audit import Actor
from core.database import db
from core.i18n import _
from core.problems import Conflict, FieldError, Invalid, NotFound
from core.two_people import already_decided, require_second_person
from scoring.judging.panel.service import Judge, judging_rules
from scoring.judging.sheets import store as store_sheets
from scoring.judging.sheets import version_store as store_versions
from scoring.judging.sheets.rules.judge_sheet import (
    Entry,
    EntryStatus,
    SheetContent,
    SheetState,
    SigningMethod,
    content_from_canonical,
)
from scoring.judging.sheets.rules.marking import missing_criteria, read_marks
from scoring.judging.sheets.signing import Hand, add_version, lock, next_version
from scoring.judging.sheets.version_store import Change, SignedVersion
from scoring.judging.snapshot import JudgingSnapshot, content_of, read_snapshot

CORRECTABLE = (Phase.JUDGING, Phase.TALLYING)


@dataclass(frozen=True)
class Correction:
    """What a judge wants changed: one entrant's marks as typed, or to be recused from it."""

    round: str
    code: str
    typed: Mapping[str, str]
    recused: bool
    reason: str


async def propose_correction(
    contest: Contest, judge: Judge, correction: Correction, actor: Actor, now: datetime
) -> None:
    """The judge asks for a new version of the own locked sheet.

    Raises Invalid with every error; Conflict when the sheet is not locked, or an earlier
    proposal still waits, or nothing would change.
    """
    _refuse_unless_correctable(contest)
    async with db.unit_of_work():
        sheet_id = await store_sheets.lock_sheet(judge.seat.id, correction.round)
        in_force = await _in_force(contest, judge, correction.round)
        await _refuse_second_proposal(contest, sheet_id)
        before = content_from_canonical(in_force.content)
        content = _corrected(contest, before, correction).canonical()
        if content == in_force.content:
            raise Conflict("nothing_changed", _("更正后的内容与原来相同"))
        await store_versions.add_change(
            sheet_id,
            in_force.signing.version,
            content,
            correction.reason,
            (judge.seat.account_id, judge.name),
            now,
        )
        details = {"seat": judge.seat.number, "entrant": correction.code}
        await audit.record(
            actor,
            "sheet.change_proposed",
            "contest",
            contest.id,
            now,
            {**details, "round": correction.round, "reason": correction.reason},
        )


async def propose_unsigned_lock(
    contest: Contest, judge: Judge, round_id: str, reason: str, actor: Actor, now: datetime
) -> None:
    """The organiser asks to lock a complete sheet whose judge cannot sign it."""
    _refuse_unless_correctable(contest)
    async with db.unit_of_work():
        sheet_id = await store_sheets.lock_sheet(judge.seat.id, round_id)
        sheet = (await read_snapshot(contest)).sheet(judge, round_id)
        if sheet.state is not SheetState.SUBMITTED:
            raise Conflict("not_complete", _("只有全部提交而未签字的评分表可以代为锁定"))
        await _refuse_second_proposal(contest, sheet_id)
        content = content_of(contest, sheet).canonical()
        by = (actor.account_id or 0, actor.name)
        await store_versions.add_change(sheet_id, 0, content, reason, by, now)
        details = {"seat": judge.seat.number, "round": round_id, "reason": reason}
        await audit.record(
            actor, "sheet.unsigned_lock_proposed", "contest", contest.id, now, details
        )


async def decide(
    contest: Contest, change_id: int, hand: Hand, reason: str, *, approved: bool
) -> None:
    """The second person's answer. Raises NotAllowed to the proposer and to the judge."""
    _refuse_unless_correctable(contest)
    async with db.unit_of_work():
        change = await _waiting_change(contest, change_id)
        snapshot = await read_snapshot(contest)
        judge = snapshot.judge_in(change.seat_id)
        require_second_person(
            _("评分表更正"),
            hand.actor,
            {_("提出人"): change.proposed_by, _("评委本人"): judge.seat.account_id},
        )
        by = (hand.actor.account_id or 0, hand.actor.name)
        await store_versions.add_decision(change.id, approved, reason, by, hand.now)
        details = {"change": change.id, "seat": judge.seat.number, "reason": reason}
        action = "sheet.change_approved" if approved else "sheet.change_refused"
        await audit.record(hand.actor, action, "contest", contest.id, hand.now, details)
        if approved:
            both = f"{change.proposed_by_name}、{hand.actor.name}"
            await _put_in_force(snapshot, change, replace(hand, signature_name=both))


async def _put_in_force(snapshot: JudgingSnapshot, change: Change, hand: Hand) -> None:
    """Write the approved version. Raises Conflict when a newer version was signed meanwhile."""
    sheet = snapshot.sheet(snapshot.judge_in(change.seat_id), change.round)
    in_force = sheet.signed.signing.version if sheet.signed else 0
    if in_force != change.base_version:
        raise _outdated()
    if sheet.signed is not None:
        version = next_version(sheet.signed, change.content, change.reason, hand)
        await add_version(snapshot.contest, version, hand)
    elif content_of(snapshot.contest, sheet).canonical() == change.content:
        await lock(snapshot.contest, sheet, SigningMethod.TWO_PEOPLE, hand, change.reason)
    else:
        raise _outdated()


def _outdated() -> Conflict:
    return Conflict("sheet_moved_on", _("评分表在提出更正之后又有变化，请重新提出"))


def _refuse_unless_correctable(contest: Contest) -> None:
    if contest.phase not in CORRECTABLE:
        raise Conflict("too_late", _("只有评审和计分阶段可以更正评分表"))


async def _in_force(contest: Contest, judge: Judge, round_id: str) -> SignedVersion:
    for version in await store_versions.newest_versions(contest.id):
        if (version.seat_id, version.round) == (judge.seat.id, round_id):
            return version
    raise Conflict("not_locked", _("这一轮的评分表还没有签字锁定"))


async def _waiting_change(contest: Contest, change_id: int) -> Change:
    """The proposal, with its sheet locked. Raises NotFound, or Conflict once it is decided."""
    change = await _change(contest, change_id)
    await store_sheets.lock_sheet(change.seat_id, change.round)
    change = await _change(contest, change_id)
    if change.approved is not None:
        raise already_decided(_("评分表更正"), change.decided_by_name)
    return change


async def _change(contest: Contest, change_id: int) -> Change:
    for change in await store_versions.changes(contest.id):
        if change.id == change_id:
            return change
    raise NotFound("no_such_change", _("没有这条更正申请"))


async def _refuse_second_proposal(contest: Contest, sheet_id: int) -> None:
    for change in await store_versions.changes(contest.id):
        if change.sheet_id == sheet_id and change.approved is None:
            raise Conflict("change_waiting", _("上一条更正申请还在等待审批"))


def _corrected(contest: Contest, before: SheetContent, correction: Correction) -> SheetContent:
    """The sheet with one entry replaced. Raises Invalid with every error."""
    rules = judging_rules(contest)
    entries = {entry.code: entry for entry in before.entries}
    marks, errors = read_marks(rules, correction.typed)
    given = {criterion: value for criterion, value in marks.items() if value is not None}
    if correction.code not in entries:
        errors.append(FieldError("code", _("评分表上没有这位选手")))
    elif not correction.recused:
        failed = {error.field for error in errors}
        errors += [one for one in missing_criteria(rules, given) if one.field not in failed]
    if errors:
        raise Invalid("invalid_correction", _("请更正标出的内容后再提交"), errors=errors)
    status = EntryStatus.RECUSED if correction.recused else EntryStatus.SUBMITTED
    reason = correction.reason if correction.recused else ""
    entries[correction.code] = Entry(correction.code, status, given, reason)
    return replace(before, entries=tuple(entries.values()))
