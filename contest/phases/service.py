"""Carrying a contest from phase to phase."""

from datetime import date, datetime
from typing import Any

from contest.calendar import service as business_calendar
from contest.calendar.rules import notice_end
from contest.editions import service as contests
from contest.editions import store as contest_store
from contest.editions.rules.contest import Contest, Phase
from contest.notices import store as notice_store
from contest.phases.conditions import PhaseConditions
from contest.phases.rules import PHASE_NAMES
from core import audit
from core.audit import Actor
from core.beijing import beijing_day
from core.database import db
from core.i18n import _
from core.problems import Conflict, FieldError


async def advance(
    contest_id: int, to: Phase, actor: Actor, now: datetime, conditions: PhaseConditions
) -> Contest:
    """Carry the contest into its next phase.

    Raises Conflict "phase_blocked" with every blocker (field = its code) when it may not.
    """
    async with db.unit_of_work():
        contest = await contests.lock_contest(contest_id)
        blockers = await conditions.blockers(contest, to, now)
        if blockers:
            raise Conflict(
                "phase_blocked",
                _("还不能进入%(to)s阶段：") % {"to": PHASE_NAMES[to]}
                + "；".join(blocker.message for blocker in blockers),
                errors=[FieldError(blocker.code, blocker.message) for blocker in blockers],
            )
        await contest_store.add_phase_change(contest, to, actor, now)
        await contest_store.update_contest(contest_id, {"phase": to.value, "phase_since": now})
        if to is Phase.PUBLIC_NOTICE:
            await _begin_notice(contest, actor, now)
        details = {"from": contest.phase.value, "to": to.value}
        await audit.record(actor, "contest.advanced", "contest", contest_id, now, details)
    return await contests.contest_by_id(contest_id)


async def _begin_notice(contest: Contest, actor: Actor, now: datetime) -> None:
    notice = contest.rulebook.notice
    if notice is None:
        return
    starts_on = beijing_day(now)
    ends_on = notice_end(starts_on, notice.business_days, await business_calendar.worked_days())
    await contest_store.update_contest(
        contest.id, {"notice_starts_on": starts_on, "notice_ends_on": ends_on}
    )
    await notice_store.add_notice(
        contest.id,
        _("%(title)s结果公示") % {"title": contest.title},
        _(
            "评选结果自%(start)s起公示%(days)s个工作日，至%(end)s止。"
            "公示期内有异议的，请以真实姓名书面提出，主办单位将书面答复。"
        )
        % {
            "start": _chinese_day(starts_on),
            "days": notice.business_days,
            "end": _chinese_day(ends_on),
        },
        actor,
        now,
    )


def _chinese_day(day: date) -> str:
    return _("%(year)s年%(month)s月%(day)s日") % {
        "year": day.year,
        "month": day.month,
        "day": day.day,
    }


async def phase_history(contest_id: int) -> list[dict[str, Any]]:
    """When each phase began and who began it, oldest first."""
    return await contest_store.phase_changes(contest_id)
