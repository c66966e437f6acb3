"""Nominations: committees put candidates forward, the bureau passes, returns or rejects."""

from collections.abc import Sequence
from datetime import datetime

from contest.editions import store as contest_store
from contest.editions.rules.contest import Contest, Phase
from contest.entrants import store as entrant_store
from contest.entrants.rules.entrant import NewEntrant
from contest.nominations import store
from contest.nominations.rules import (
    EDITABLE,
    FIELD_NAMES,
    WITHDRAWABLE,
    Candidate,
    Gap,
    Nomination,
    NominationStatus,
    Review,
    gaps,
)
from core import audit
from core.audit import Actor
from core.beijing import beijing_day
from core.crypto import KeyRing
from core.database import db
from core.i18n import _
from core.problems import Conflict, FieldError, Invalid, NotFound

OPEN_PHASES = frozenset({Phase.NOMINATION, Phase.REVIEW})


async def begin(contest: Contest, nominator: str, actor: Actor, now: datetime) -> int:
    """An empty draft of a committee's; returns its id. Raises Conflict when it is too late."""
    if not accepts_nominations(contest, now):
        raise Conflict("nomination_closed", _("这项评选现在不接受推荐"))
    if not nominator:
        raise Conflict("no_committee", _("您的账号没有登记所属单位，请联系系统管理员"))
    async with db.unit_of_work():
        nomination_id = await store.add(contest.id, nominator, actor, now)
        await audit.record(actor, "nomination.begun", "nomination", nomination_id, now)
    return nomination_id


def accepts_nominations(contest: Contest, now: datetime) -> bool:
    closes_at = contest.nomination_closes_at
    return contest.phase is Phase.NOMINATION and (closes_at is None or now < closes_at)


async def get(nomination_id: int, keys: KeyRing) -> Nomination:
    """Raises NotFound."""
    return _found(await store.by_id(nomination_id, keys))


async def get_own(nomination_id: int, nominator: str, keys: KeyRing) -> Nomination:
    """A committee's own nomination. Raises NotFound for another committee's."""
    nomination = await get(nomination_id, keys)
    if nomination.nominator != nominator:
        raise _no_nomination()
    return nomination


async def of_nominator(nominator: str, keys: KeyRing) -> list[Nomination]:
    """Newest first."""
    return await store.of_nominator(nominator, keys)


async def of_contest(contest_id: int, keys: KeyRing) -> list[Nomination]:
    """All that were ever submitted; those that wait longest come first."""
    return await store.of_contest(contest_id, keys)


async def reviews(nomination_id: int) -> list[Review]:
    """The history of decisions, newest first."""
    return await store.reviews(nomination_id)


def _found(nomination: Nomination | None) -> Nomination:
    if nomination is None:
        raise _no_nomination()
    return nomination


def _no_nomination() -> NotFound:
    return NotFound("no_such_nomination", _("没有这份推荐"))


async def save(
    nomination_id: int,
    nominator: str,
    candidate: Candidate,
    keys: KeyRing,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep what was filled in so far. Raises Conflict when it may not be changed any more."""
    async with db.unit_of_work():
        await _lock_editable(nomination_id, nominator, keys)
        await store.save_candidate(nomination_id, candidate, keys, now)
        await audit.record(actor, "nomination.saved", "nomination", nomination_id, now)


async def submit(
    nomination_id: int,
    nominator: str,
    candidate: Candidate,
    keys: KeyRing,
    actor: Actor,
    now: datetime,
) -> None:
    """Save and hand in; what was filled in is kept even when gaps forbid handing in.

    Raises Invalid with every gap, Conflict when it is too late.
    """
    await save(nomination_id, nominator, candidate, keys, actor, now)
    async with db.unit_of_work():
        nomination = await _lock_editable(nomination_id, nominator, keys)
        contest = await _contest_of(nomination)
        first = nomination.status is NominationStatus.DRAFT
        if first and not accepts_nominations(contest, now):
            raise Conflict("nomination_closed", _("推荐已经截止；草稿已保存"))
        _require_complete(nomination.candidate, now)
        await store.set_status(nomination_id, NominationStatus.SUBMITTED, {"submitted_at": now})
        await audit.record(actor, "nomination.submitted", "nomination", nomination_id, now)


def _require_complete(candidate: Candidate, now: datetime) -> None:
    missing = gaps(candidate, beijing_day(now))
    if missing:
        raise Invalid(
            "nomination_incomplete",
            _("还差 %(n)s 项才能提交；已填写的内容已保存") % {"n": len(missing)},
            errors=[FieldError(gap.field, gap.message) for gap in missing],
        )


async def _lock_editable(nomination_id: int, nominator: str, keys: KeyRing) -> Nomination:
    nomination = _found(await store.lock(nomination_id, keys))
    if nomination.nominator != nominator:
        raise _no_nomination()
    contest = await _contest_of(nomination)
    if nomination.status not in EDITABLE or contest.phase not in OPEN_PHASES:
        raise Conflict("nomination_fixed", _("这份推荐已经提交或评选已进入下一阶段，不能再修改"))
    return nomination


async def _contest_of(nomination: Nomination) -> Contest:
    contest = await contest_store.contest_by_id(nomination.contest_id)
    assert contest is not None, "a foreign key holds this"
    return contest


async def withdraw(
    nomination_id: int, nominator: str, reason: str, keys: KeyRing, actor: Actor, now: datetime
) -> None:
    """The committee takes its nomination back before it was decided.

    One who has passed is an entrant: the organiser withdraws them. Raises Conflict.
    """
    async with db.unit_of_work():
        nomination = _found(await store.lock(nomination_id, keys))
        if nomination.nominator != nominator:
            raise _no_nomination()
        if nomination.status not in WITHDRAWABLE:
            raise Conflict("nomination_decided", _("这份推荐已经有了审核结论，不能撤回"))
        await store.set_status(
            nomination_id, NominationStatus.WITHDRAWN, {"withdrawn_reason": reason}
        )
        await audit.record(actor, "nomination.withdrawn", "nomination", nomination_id, now)


async def pass_nomination(nomination_id: int, keys: KeyRing, actor: Actor, now: datetime) -> None:
    """Let the candidate in. Raises Conflict when it does not wait for review any more."""
    async with db.unit_of_work():
        nomination = await _lock_waiting(nomination_id, keys)
        await _decide(nomination, NominationStatus.PASSED, (), "", actor, now)
        await entrant_store.add(nomination.contest_id, [_entrant(nomination)], now)


def _entrant(nomination: Nomination) -> NewEntrant:
    candidate = nomination.candidate
    return NewEntrant(
        name=candidate.name,
        nominator=nomination.nominator,
        summary=candidate.summary,
        case_report=candidate.case_report,
        photo=candidate.photo,
        first_time=candidate.first_time,
        nomination_id=nomination.id,
    )


async def return_nomination(
    nomination_id: int, found: Sequence[Gap], keys: KeyRing, actor: Actor, now: datetime
) -> None:
    """Give it back with every gap named. Raises Invalid without a gap, Conflict as above."""
    if not found:
        raise Invalid(
            "no_gaps",
            _("退回时请逐项写明需要补正的内容"),
            errors=[FieldError("gap_name", _("请至少写明一项需要补正的内容"))],
        )
    assert all(gap.field in FIELD_NAMES for gap in found)
    async with db.unit_of_work():
        nomination = await _lock_waiting(nomination_id, keys)
        await _decide(nomination, NominationStatus.RETURNED, tuple(found), "", actor, now)


async def reject_nomination(
    nomination_id: int, reason: str, keys: KeyRing, actor: Actor, now: datetime
) -> None:
    """Refuse it for good, with the reason. Raises Conflict as above."""
    async with db.unit_of_work():
        nomination = await _lock_waiting(nomination_id, keys)
        await _decide(nomination, NominationStatus.REJECTED, (), reason, actor, now)


async def _lock_waiting(nomination_id: int, keys: KeyRing) -> Nomination:
    nomination = _found(await store.lock(nomination_id, keys))
    if nomination.status is not NominationStatus.SUBMITTED:
        raise Conflict("not_waiting", _("这份推荐不在待审核状态，可能已由他人处理"))
    contest = await _contest_of(nomination)
    if contest.phase not in OPEN_PHASES:
        raise Conflict("review_over", _("审核阶段已经结束"))
    return nomination


async def _decide(
    nomination: Nomination,
    status: NominationStatus,
    found: tuple[Gap, ...],
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    review = Review(status.value, found, reason, now, actor.name)
    await store.add_review(nomination.id, review, actor)
    await store.set_status(nomination.id, status)
    details = {"gaps": [gap.field for gap in found]}
    await audit.record(actor, f"nomination.{status}", "nomination", nomination.id, now, details)
