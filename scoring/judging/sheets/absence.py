"""The organiser's record that a judge was not there."""

from contest.editions.rules.contest import Contest
from core import audit
from core.database import db
from core.i18n import _
from core.problems import Conflict, NotFound
from scoring.judging.panel.service import Judge, judging_rules
from scoring.judging.sheets import store as store_sheets
from scoring.judging.sheets.rules.judge_sheet import EntryStatus, SheetState, SigningMethod
from scoring.judging.sheets.signing import Hand, lock, refuse_unless_judging
from scoring.judging.snapshot import EntryView, SheetView, read_snapshot


async def mark_absent(
    contest: Contest, judge: Judge, round_id: str, code: str, reason: str, hand: Hand
) -> None:
    """Mark a judge absent for one entrant, or with an empty code for every entrant of the round
    whom the judge has not settled.

    When that leaves a complete sheet without a single mark, there is nothing that the judge could
    sign for, and the sheet is locked at once in the organiser's name.
    """
    refuse_unless_judging(contest)
    if round_id not in {one.id for one in judging_rules(contest).rounds}:
        raise NotFound("no_such_round", _("没有这一轮"))
    async with db.unit_of_work():
        sheet_id = await store_sheets.lock_sheet(judge.seat.id, round_id)
        missing = _absences((await read_snapshot(contest)).sheet(judge, round_id), code)
        for entry in missing:
            entry_id = await store_sheets.entry_id(sheet_id, entry.entrant.id)
            await store_sheets.settle(entry_id, EntryStatus.ABSENT, reason, hand.now)
        details = {
            "judge": judge.name,
            "seat": judge.seat.number,
            "round": round_id,
            "entrants": [entry.entrant.code for entry in missing],
            "reason": reason,
        }
        await audit.record(hand.actor, "judge.absent", "contest", contest.id, hand.now, details)
        sheet = (await read_snapshot(contest)).sheet(judge, round_id)
        if sheet.state is SheetState.SUBMITTED and not sheet.has_marks:
            await lock(contest, sheet, SigningMethod.ABSENCE, hand, reason)


def _absences(sheet: SheetView, code: str) -> list[EntryView]:
    """The entries to set absent. Raises NotFound, or Conflict when there are none."""
    if sheet.state is SheetState.LOCKED:
        raise Conflict("sheet_locked", _("评分表已签字锁定，更改须说明理由并经另一人同意"))
    if code and code not in {entry.entrant.code for entry in sheet.entries}:
        raise NotFound("no_such_entrant", _("没有这位选手"))
    found = [
        entry
        for entry in sheet.entries
        if entry.status is EntryStatus.DRAFT and code in ("", entry.entrant.code)
    ]
    if not found:
        raise Conflict("already_settled", _("这位评委对所选选手已经提交、回避或缺席"))
    return found
