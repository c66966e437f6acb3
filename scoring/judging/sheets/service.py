"""A judge's own acts on the sheet before it is signed: mark, submit, take back, recuse."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from contest.editions.rules.contest import Contest, Phase
from contest.entrants.rules.entrant import Entrant
from contest.entrants.service import entrants_of
from core import audit
from core.audit import Actor
from core.database import db
from core.i18n import _
from core.problems import Conflict, FieldError, Invalid, NotFound
from scoring.judging.panel.service import Judge, judging_rules
from scoring.judging.running_order import store as order_store
from scoring.judging.sheets import store as store_sheets
from scoring.judging.sheets import version_store as store_versions
from scoring.judging.sheets.rules.judge_sheet import EntryStatus
from scoring.judging.sheets.rules.marking import LARGEST_SEQUENCE, missing_criteria, read_marks
from scoring.judging.sheets.rules.recusal import effective_status
from scoring.judging.sheets.store import WrittenEntry
from scoring.judging.snapshot import EntryView, entry_view


@dataclass(frozen=True)
class _Turn:
    """The entrant whom the host has open, on this judge's locked sheet."""

    entrant: Entrant
    entry_id: int
    written: WrittenEntry
    status: EntryStatus


async def save_marks(
    contest: Contest,
    judge: Judge,
    code: str,
    typed: Mapping[str, str],
    now: datetime,
    *,
    sequence: int | None = None,
    round_id: str | None = None,
) -> EntryView:
    """Save one or several marks of the open entrant; an empty text takes a mark back.

    `sequence` numbers the tablet's savings: of two savings of one criterion the higher
    number is in force, whichever arrives last, and a repeat changes nothing. Without it
    (a plain form, a program) the saving counts as the newest. `round_id` names the round
    the tablet showed, so that a late retry never lands in another.

    Raises Invalid with every error; Conflict when the entrant is not open, already
    submitted, recused or absent.
    """
    rules = judging_rules(contest)
    marks, errors = read_marks(rules, typed)
    if sequence is not None and not 0 < sequence <= LARGEST_SEQUENCE:
        errors.append(FieldError("sequence", _("保存序号不对")))
    if errors:
        raise Invalid("invalid_marks", _("请更正标出的分数"), errors=errors)
    async with db.unit_of_work():
        turn = await _turn(contest, judge, code, round_id)
        _refuse_settled(turn)
        number = sequence if sequence is not None else turn.written.sequence + 1
        await store_sheets.save_marks(turn.entry_id, marks, number, now)
        return await _seen(contest, judge, turn)


async def submit(
    contest: Contest,
    judge: Judge,
    code: str,
    actor: Actor,
    now: datetime,
    *,
    round_id: str | None = None,
) -> EntryView:
    """Hand in the open entrant's marks; submitting again answers the same.

    Raises Invalid naming every criterion that has no mark yet.
    """
    rules = judging_rules(contest)
    async with db.unit_of_work():
        turn = await _turn(contest, judge, code, round_id)
        if turn.status is not EntryStatus.SUBMITTED:
            _refuse_settled(turn)
            missing = missing_criteria(rules, turn.written.marks)
            if missing:
                raise Invalid("marks_missing", _("还有评分项没有打分"), errors=missing)
            await store_sheets.settle(turn.entry_id, EntryStatus.SUBMITTED, "", now)
            await _record("entry.submitted", contest, judge, turn, actor, now)
        return await _seen(contest, judge, turn)


async def take_back(
    contest: Contest, judge: Judge, code: str, actor: Actor, now: datetime
) -> EntryView:
    """Return a submitted entrant to draft while the host still has it open."""
    async with db.unit_of_work():
        turn = await _turn(contest, judge, code, None)
        if turn.status is EntryStatus.SUBMITTED:
            await store_sheets.settle(turn.entry_id, EntryStatus.DRAFT, "", now)
            await _record("entry.taken_back", contest, judge, turn, actor, now)
        return await _seen(contest, judge, turn)


async def recuse(
    contest: Contest, judge: Judge, code: str, reason: str, actor: Actor, now: datetime
) -> EntryView:
    """Record that the judge will not mark the open entrant, and why; marks given before do not
    count."""
    async with db.unit_of_work():
        turn = await _turn(contest, judge, code, None)
        if turn.status is not EntryStatus.RECUSED:
            _refuse_settled(turn)
            await store_sheets.settle(turn.entry_id, EntryStatus.RECUSED, reason, now)
            await _record("entry.recused", contest, judge, turn, actor, now, reason=reason)
        return await _seen(contest, judge, turn)


async def _turn(contest: Contest, judge: Judge, code: str, round_id: str | None) -> _Turn:
    """The open entrant on this judge's locked sheet; Conflict when it is not this one."""
    if contest.phase is not Phase.JUDGING:
        raise Conflict("not_judging", _("现在不是评审阶段"))
    if not judge.seat.has_declared:
        raise Conflict("not_declared", _("请先申报是否有需要回避的选手"))
    entrant = next((e for e in await entrants_of(contest.id) if e.code == code), None)
    if entrant is None:
        raise NotFound("no_such_entrant", _("没有这位选手"))
    window = await order_store.lock_open_window_shared(contest.id)
    if (
        window is None
        or window.entrant_id != entrant.id
        or round_id not in (None, "", window.round)
    ):
        raise Conflict("entrant_not_open", _("主持人没有开放 %(code)s 号的评分") % {"code": code})
    sheet_id = await store_sheets.lock_sheet(judge.seat.id, window.round)
    if await store_versions.is_signed(sheet_id):
        raise Conflict("sheet_locked", _("评分表已签字锁定，更改须说明理由并经另一人同意"))
    entry_id = await store_sheets.entry_id(sheet_id, entrant.id)
    written = await _written(contest, judge, entrant, entry_id)
    status, _reason = effective_status(judge.seat, entrant.id, written.status)
    return _Turn(entrant, entry_id, written, status)


async def _written(contest: Contest, judge: Judge, entrant: Entrant, entry_id: int) -> WrittenEntry:
    entries = await store_sheets.entries(contest.id, seat_id=judge.seat.id, entrant_id=entrant.id)
    return next(one for one in entries if one.id == entry_id)


async def _seen(contest: Contest, judge: Judge, turn: _Turn) -> EntryView:
    written = await _written(contest, judge, turn.entrant, turn.entry_id)
    rules = judging_rules(contest)
    return entry_view(rules, judge, written.round, turn.entrant, written)


def _refuse_settled(turn: _Turn) -> None:
    """Marks may be given in draft only; each other status has its own sentence."""
    refusals = {
        EntryStatus.SUBMITTED: ("already_submitted", _("已经提交，如需修改请先撤回")),
        EntryStatus.RECUSED: ("recused", _("您已对这位选手回避，不能打分")),
        EntryStatus.ABSENT: ("absent", _("您被记为缺席，不能打分；如有误请联系组织者")),
    }
    if turn.status in refusals:
        raise Conflict(*refusals[turn.status])


async def _record(
    action: str,
    contest: Contest,
    judge: Judge,
    turn: _Turn,
    actor: Actor,
    now: datetime,
    **more: str,
) -> None:
    details = {
        "judge": judge.name,
        "seat": judge.seat.number,
        "round": turn.written.round,
        "entrant": turn.entrant.code,
        **more,
    }
    await audit.record(actor, action, "contest", contest.id, now, details)
