"""The host's acts on the big screen: what it shows, and the reveal step by step."""

from dataclasses import replace
from datetime import datetime

from contest.editions.rules.contest import Contest, Phase
from contest.entrants.service import entrants_of
from core import audit
from core.audit import Actor
from core.database import db
from core.i18n import _
from core.problems import Conflict, NotFound
from live.boards.frames import Frame, encode, frame
from live.boards.rules import is_provisional
from live.stage import store
from live.stage.rules.reveal import Order, reveal_plan, single_plan
from live.stage.rules.show import Mode, ScreenState, Show, screen_state, stepped, turned_to
from scoring.judging import service as judging
from scoring.results import provisional

_REVEALED_IN = (Phase.JUDGING, Phase.TALLYING, Phase.PUBLIC_NOTICE, Phase.FINAL)


async def show_of(contest_id: int) -> Show:
    """What the screen shows, with the whole plan: for the host only."""
    return await store.read_show(contest_id)


async def state_of(contest: Contest) -> ScreenState:
    """What screens may know of it."""
    return _state(contest, await show_of(contest.id))


async def turn_to(contest: Contest, mode: Mode, actor: Actor, now: datetime) -> Frame:
    """Show the board, or only the title."""
    async with db.unit_of_work():
        show = turned_to(await store.lock_show(contest.id), mode)
        return await _save(contest, show, f"show.{mode}", actor, now)


async def show_entrant(contest: Contest, code: str, actor: Actor, now: datetime) -> Frame:
    """Show one entrant's card; where all judges have settled their marks, the next steps show
    these. Raises NotFound."""
    found = {one.code: one for one in await entrants_of(contest.id) if not one.withdrawn}
    if code not in found:
        raise NotFound("no_such_entrant", _("没有编号为 %(code)s 的选手") % {"code": code[:20]})
    result = await provisional.result_of_entrant(contest, code)
    plan = single_plan(contest.rulebook, result, found[code])
    plan = replace(plan, provisional=is_provisional(contest))
    async with db.unit_of_work():
        show = turned_to(await store.lock_show(contest.id), Mode.CARD, plan)
        return await _save(contest, show, "show.card", actor, now, code=code)


async def begin_reveal(contest: Contest, order: Order, actor: Actor, now: datetime) -> Frame:
    """Begin to reveal the result in force, or the provisional one before there is one. What changes
    later does not enter.

    Raises Conflict while the vote runs, while a judge has not signed, or while there is nothing to
    reveal.
    """
    await _refuse_unless_ready(contest)
    told = await provisional.current_result(contest)
    plan = reveal_plan(contest.rulebook, told.result, await entrants_of(contest.id), order)
    plan = replace(plan, provisional=not told.certified)
    if not plan.cards:
        raise Conflict("nothing_to_reveal", _("还没有可以揭晓的名次：评分表签字锁定后才能揭晓"))
    async with db.unit_of_work():
        show = turned_to(await store.lock_show(contest.id), Mode.REVEAL, plan)
        return await _save(contest, show, "show.reveal_begun", actor, now, order=order.value)


async def _refuse_unless_ready(contest: Contest) -> None:
    """An incomplete result would show the hall what hidden counts and unsigned sheets must keep
    secret."""
    if contest.phase not in _REVEALED_IN:
        raise Conflict("too_early", _("投票结束、进入评审或计分阶段后才能揭晓结果"))
    unsigned = await judging.unsigned_judges(contest)
    if unsigned:
        sentence = _("还有评委没有签字锁定评分表：%(names)s")
        raise Conflict("sheets_unsigned", sentence % {"names": "、".join(unsigned)})


async def step(
    contest: Contest, steps: int, seen_version: int, actor: Actor, now: datetime
) -> Frame:
    """One step on (1) or back (-1) from the state that the host saw.

    Raises Conflict when the screen has changed since, so that pressing twice, or two hosts at the
    same time, cannot reveal two cards; and when there is no step in that direction.
    """
    async with db.unit_of_work():
        show = await store.lock_show(contest.id)
        if show.version != seen_version:
            raise Conflict("screen_has_moved", _("大屏刚刚已经变化，请看清现在的画面再按"))
        moved = stepped(show, steps)
        if moved == show:
            raise Conflict("no_such_step", _("已经是最后一步") if steps > 0 else _("已经是第一步"))
        return await _save(contest, moved, "show.stepped", actor, now, step=moved.step)


async def _save(
    contest: Contest, show: Show, action: str, actor: Actor, now: datetime, **details: object
) -> Frame:
    body = encode(_state(contest, show))
    await store.save_show(contest.id, show, body)
    await audit.record(actor, action, "contest", contest.id, now, details)
    return frame(show.version, body)


def _state(contest: Contest, show: Show) -> ScreenState:
    provisional = show.plan.provisional if show.plan else is_provisional(contest)
    return screen_state(show, contest.title, provisional=provisional)
