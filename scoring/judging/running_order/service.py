"""The host's acts: fixing the running order, opening and closing an entrant for marks."""

from collections.abc import Sequence
from datetime import datetime

from contest.editions.rules.contest import Contest, Phase
from contest.entrants.rules.entrant import Entrant
from core import audit
from core.audit import Actor
from core.database import db
from core.i18n import _
from core.problems import Conflict, FieldError, Invalid, NotFound
from scoring.judging.judging_lock import lock_judging
from scoring.judging.panel.service import judging_rules
from scoring.judging.running_order import store
from scoring.judging.running_order.rules import Turn, TurnState
from scoring.judging.snapshot import JudgingSnapshot, read_snapshot


async def open_entrant(
    contest: Contest,
    code: str,
    actor: Actor,
    now: datetime,
    *,
    round_id: str = "",
    reason: str = "",
) -> None:
    """Open an entrant for marks; opening the one that is open already changes nothing.

    An empty `round_id` means the first round in which the entrant has not had a turn.
    Raises Conflict while another is open; Invalid when a closed one is opened again
    without a reason.
    """
    if contest.phase is not Phase.JUDGING:
        raise Conflict("not_judging", _("现在不是评审阶段"))
    async with db.unit_of_work():
        await lock_judging(contest.id)
        snapshot = await read_snapshot(contest)
        turn = _turn_of(snapshot, code, round_id)
        if turn.state is TurnState.OPEN:
            return
        if snapshot.open_window is not None:
            other = snapshot.entrant_of(snapshot.open_window.entrant_id)
            raise Conflict(
                "another_open", _("%(code)s 号还在评分，请先关闭") % {"code": other.code}
            )
        if turn.state is TurnState.CLOSED and not reason:
            error = FieldError("reason", _("重新开放须说明理由"))
            raise Invalid("reason_needed", _("这位选手的评分已经关闭"), errors=[error])
        entrant = _entrant(snapshot, code)
        by = actor.account_id or 0
        await store.open_window(contest.id, turn.round, entrant.id, by, reason, now)
        action = "scoring.reopened" if turn.state is TurnState.CLOSED else "scoring.opened"
        details = {"round": turn.round, "entrant": code, "reason": reason}
        await audit.record(actor, action, "contest", contest.id, now, details)


def _turn_of(snapshot: JudgingSnapshot, code: str, round_id: str) -> Turn:
    """The turn to open. Raises NotFound when there is no such entrant or round."""
    _entrant(snapshot, code)
    turns = [turn for turn in snapshot.turns() if turn.code == code]
    if round_id:
        turns = [turn for turn in turns if turn.round == round_id]
    if not turns:
        raise NotFound("no_such_round", _("没有这一轮"))
    return next((turn for turn in turns if turn.state is not TurnState.CLOSED), turns[-1])


def _entrant(snapshot: JudgingSnapshot, code: str) -> Entrant:
    for one in snapshot.entrants:
        if one.code == code:
            return one
    raise NotFound("no_such_entrant", _("没有这位选手"))


async def close_entrant(
    contest: Contest, actor: Actor, now: datetime, *, confirmed: bool = False, code: str = ""
) -> None:
    """Close the open entrant; closing when none is open changes nothing.

    `code` names the entrant whom the host saw open: a late press, or two hosts at the same time,
    then cannot close the next entrant by mistake. Raises Conflict when another entrant is open, and
    Invalid with the names of the judges who have not submitted, unless `confirmed`.
    """
    async with db.unit_of_work():
        await lock_judging(contest.id)
        window = await store.lock_open_window(contest.id)
        if window is None:
            return
        snapshot = await read_snapshot(contest)
        entrant = snapshot.entrant_of(window.entrant_id)
        if code not in ("", entrant.code):
            raise Conflict(
                "another_open", _("现在开放的是 %(code)s 号，请看清再关闭") % {"code": entrant.code}
            )
        waiting = [judge.name for judge in snapshot.waiting_for(window.round, entrant)]
        if waiting and not confirmed:
            sentence = _("还有评委没有提交：%(names)s") % {"names": "、".join(waiting)}
            error = FieldError("confirmed", sentence)
            raise Invalid("judges_still_marking", _("确认关闭吗？"), errors=[error])
        await store.close_window(window.id, actor.account_id or 0, now)
        details = {"round": window.round, "entrant": entrant.code, "not_submitted": waiting}
        await audit.record(actor, "scoring.closed", "contest", contest.id, now, details)


async def set_order(
    contest: Contest, round_id: str, codes: Sequence[str], actor: Actor, now: datetime
) -> None:
    """Fix the order of a round: every entrant's code once. Raises Invalid with every error."""
    if round_id not in {one.id for one in judging_rules(contest).rounds}:
        raise NotFound("no_such_round", _("没有这一轮"))
    async with db.unit_of_work():
        await lock_judging(contest.id)
        there = [one.code for one in (await read_snapshot(contest)).entrants]
        errors = [
            FieldError("codes", _("没有编号为 %(code)s 的选手") % {"code": code[:20]})
            for code in dict.fromkeys(codes)
            if code not in there
        ]
        errors += [
            FieldError("codes", _("%(code)s 号出现了不止一次") % {"code": code})
            for code in there
            if codes.count(code) > 1
        ]
        errors += [
            FieldError("codes", _("缺少 %(code)s 号") % {"code": code})
            for code in there
            if code not in codes
        ]
        if errors:
            raise Invalid("invalid_order", _("出场顺序有误，请更正"), errors=errors)
        await store.save_running_order(contest.id, round_id, codes)
        details = {"round": round_id, "codes": list(codes)}
        await audit.record(actor, "running_order.set", "contest", contest.id, now, details)
