"""Who judges: appointing the panel, and each judge's own declaration of conflicts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts import service as accounts
from accounts.people.rules import Principal, Role
from contest.editions import service as contests
from contest.editions.rules.contest import Contest, Phase
from contest.entrants.service import entrants_of
from contest.rulebooks.rules.vocabulary import Judging
from core import audit
from core.audit import Actor
from core.database import db
from core.i18n import _
from core.problems import Conflict, FieldError, Invalid, NotAllowed, NotFound
from scoring.judging.judging_lock import lock_judging
from scoring.judging.panel import store
from scoring.judging.panel.rules import Seat

BEFORE_JUDGING = (Phase.DRAFT, Phase.NOMINATION, Phase.REVIEW, Phase.VOTING)


@dataclass(frozen=True)
class Judge:
    """A seat and the name of the person on it."""

    seat: Seat
    name: str


def judging_rules(contest: Contest) -> Judging:
    """The judges' part of the contest's rulebook; NotFound when it seats no judges."""
    if contest.rulebook.judging is None:
        raise NotFound("no_judging", _("这项大赛不设评委评分"))
    return contest.rulebook.judging


async def panel(contest_id: int) -> list[Judge]:
    """The panel in order of the judges' numbers."""
    seats = await store.seats(contest_id)
    names = await accounts.names([seat.account_id for seat in seats])
    return [Judge(seat, names[seat.account_id]) for seat in seats]


async def judge_of(contest: Contest, me: Principal) -> Judge:
    """The signed-in judge's own place on this panel. Raises NotAllowed."""
    seat = await store.seat_of(contest.id, me.account_id)
    if seat is None:
        raise NotAllowed("not_on_panel", _("您不在这项大赛的评委名单中"))
    return Judge(seat, me.name)


async def contests_judged_by(me: Principal) -> list[Contest]:
    """The contests on whose panels this person sits, newest first."""
    ids = await store.contests_of(me.account_id)
    return [await contests.contest_by_id(one) for one in sorted(ids, reverse=True)]


async def appoint(contest: Contest, account_ids: list[int], actor: Actor, now: datetime) -> None:
    """Add these judges to the panel, numbered after those already on it.

    Raises Invalid with every error; then nobody is added.
    """
    rules = judging_rules(contest)
    _before_judging(contest)
    judges = {one.id: one.name for one in await accounts.accounts_with_role(Role.JUDGE)}
    async with db.unit_of_work():
        await lock_judging(contest.id)
        seats = await store.seats(contest.id)
        errors = _why_not_seated(account_ids, judges, seats, rules.panel_size)
        if errors:
            raise Invalid("cannot_appoint", _("评委名单有误，请更正"), errors=errors)
        number = max((seat.number for seat in seats), default=0)
        for account_id in account_ids:
            number += 1
            await store.add_seat(contest.id, account_id, number, now)
            await audit.record(
                actor,
                "panel.appointed",
                "contest",
                contest.id,
                now,
                {"judge": judges[account_id], "number": number},
            )


def _why_not_seated(
    account_ids: list[int], judges: Mapping[int, str], seats: list[Seat], most: int | None
) -> list[FieldError]:
    seated = {seat.account_id for seat in seats}
    errors = []
    if not account_ids:
        errors.append(FieldError("judges", _("请选择评委")))
    for account_id in dict.fromkeys(account_ids):
        if account_id not in judges:
            errors.append(FieldError("judges", _("有一位不是评委账号")))
        elif account_id in seated or account_ids.count(account_id) > 1:
            errors.append(
                FieldError("judges", _("%(name)s已在名单中") % {"name": judges[account_id]})
            )
    if most is not None and len(seats) + len(account_ids) > most:
        errors.append(FieldError("judges", _("评委最多 %(most)s 位") % {"most": most}))
    return errors


async def dismiss(contest: Contest, number: int, actor: Actor, now: datetime) -> None:
    """Take a judge off the panel before judging; later a judge is marked absent instead."""
    _before_judging(contest)
    async with db.unit_of_work():
        await lock_judging(contest.id)
        seat = _seat_numbered(await store.seats(contest.id), number)
        await store.remove_seat(seat.id)
        await audit.record(actor, "panel.dismissed", "contest", contest.id, now, {"number": number})


def _before_judging(contest: Contest) -> None:
    if contest.phase not in BEFORE_JUDGING:
        raise Conflict("judging_has_begun", _("评审已经开始，评委名单不能再改"))


def _seat_numbered(seats: list[Seat], number: int) -> Seat:
    for seat in seats:
        if seat.number == number:
            return seat
    raise NotFound("no_such_judge", _("没有这位评委"))


async def seat_numbered(contest: Contest, number: int) -> Judge:
    """The judge of this number. Raises NotFound."""
    seat = _seat_numbered(await store.seats(contest.id), number)
    return Judge(seat, (await accounts.names([seat.account_id]))[seat.account_id])


async def declare_conflicts(
    contest: Contest, judge: Judge, reasons: Mapping[str, str], actor: Actor, now: datetime
) -> None:
    """Record the judge's declaration: the reason by entrant code, empty for no conflict.

    It may be revised until judging opens; after that a judge who has declared recuses
    entrant by entrant on the tablet.
    """
    if judge.seat.has_declared and contest.phase not in BEFORE_JUDGING:
        raise Conflict("already_declared", _("评审已经开始，请在评分页上对该选手申请回避"))
    ids = {one.code: one.id for one in await entrants_of(contest.id)}
    unknown = [
        FieldError(f"reason_{code}"[:80], _("没有编号为 %(code)s 的选手") % {"code": code[:20]})
        for code in reasons
        if code not in ids
    ]
    if unknown:
        raise Invalid("unknown_entrant", _("请更正标出的内容后再提交"), errors=unknown)
    async with db.unit_of_work():
        await store.replace_conflicts(
            judge.seat.id, {ids[code]: reason for code, reason in reasons.items()}, now
        )
        await audit.record(
            actor,
            "panel.conflicts_declared",
            "contest",
            contest.id,
            now,
            {"judge": judge.name, "conflicts": dict(reasons)},
        )
