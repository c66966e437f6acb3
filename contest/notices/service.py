"""Public notices, and objections to a result: in writing, by real name, answered in writing."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contest.editions import store as contest_store
from contest.editions.rules.contest import Contest, Phase
from contest.notices import store
from core import audit
from core.audit import SYSTEM, Actor
from core.beijing import beijing_day
from core.crypto import KeyRing
from core.database import db
from core.i18n import _
from core.limits.rate_limit import WithoutRedis, limit
from core.problems import Conflict, NotFound

# Without 0, 1, I, O: people copy a reference by hand.
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
# Each objection is read and answered by a person, so a machine must not file thousands. Objecting
# is a legal right, so objections are accepted when they cannot be counted.
PER_NETWORK = limit(
    "objection_network",
    "30 per hour",
    without_redis=WithoutRedis.ALLOW,
    message=_("这个网络上提交的异议太多，请稍后再提交，填写的内容还在"),
)
OUTCOMES = {"upheld": _("异议成立"), "partly": _("部分成立"), "dismissed": _("异议不成立")}


@dataclass(frozen=True)
class Objection:
    """An objection with its answer; `answer` is "" while it waits."""

    id: int
    contest_id: int
    reference: str
    real_name: str
    contact: str
    about: str
    body: str
    filed_at: datetime
    outcome: str
    answer: str
    answered_at: datetime | None


def accepts_objections(contest: Contest, now: datetime) -> bool:
    """Open through the last day of the notice, Beijing time."""
    ends_on = contest.notice_ends_on
    in_notice = contest.phase is Phase.PUBLIC_NOTICE
    return in_notice and (ends_on is None or beijing_day(now) <= ends_on)


async def file_objection(
    contest: Contest,
    real_name: str,
    contact: str,
    about: str,
    body: str,
    keys: KeyRing,
    now: datetime,
) -> str:
    """Take an objection in; returns the reference by which its answer can be read.

    Raises Conflict outside the public notice.
    """
    reference = "-".join("".join(secrets.choice(_ALPHABET) for _i in range(4)) for _j in range(3))
    async with db.unit_of_work():
        locked = await contest_store.lock_contest(contest.id)
        if locked is None or not accepts_objections(locked, now):
            raise Conflict("objections_closed", _("现在不在公示期内，不受理异议"))
        await store.add_objection(
            contest.id,
            reference,
            keys.seal("objection.real_name", real_name),
            keys.seal("objection.contact", contact),
            about,
            body,
            now,
        )
        await audit.record(SYSTEM, "objection.filed", "contest", contest.id, now)
    return reference


async def answer_objection(
    contest_id: int, objection_id: int, outcome: str, body: str, actor: Actor, now: datetime
) -> None:
    """Give the one written answer. Raises NotFound, and Conflict when it was answered before."""
    assert outcome in OUTCOMES, outcome
    async with db.unit_of_work():
        await contest_store.lock_contest(contest_id)
        row = await store.by_id(objection_id)
        if row is None or row["contest"] != contest_id:
            raise _no_objection()
        if row["answer"] is not None:
            raise Conflict("already_answered", _("这件异议已经答复过"))
        await store.add_answer(objection_id, outcome, body, actor, now)
        details = {"outcome": outcome}
        await audit.record(actor, "objection.answered", "objection", objection_id, now, details)


async def by_reference(reference: str, keys: KeyRing) -> Objection:
    """Raises NotFound."""
    row = await store.by_reference(reference.strip().upper())
    if row is None:
        raise _no_objection()
    return _objection(row, keys)


async def of_contest(contest_id: int, keys: KeyRing) -> list[Objection]:
    """Those that wait first, oldest first."""
    return [_objection(row, keys) for row in await store.of_contest(contest_id)]


def _no_objection() -> NotFound:
    return NotFound("no_such_objection", _("没有这件异议，请核对回执编号"))


def _objection(row: dict[str, Any], keys: KeyRing) -> Objection:
    return Objection(
        id=row["id"],
        contest_id=row["contest"],
        reference=row["reference"],
        real_name=keys.unseal("objection.real_name", bytes(row["real_name_sealed"])),
        contact=keys.unseal("objection.contact", bytes(row["contact_sealed"])),
        about=row["about"],
        body=row["body"],
        filed_at=row["filed_at"],
        outcome=row["outcome"] or "",
        answer=row["answer"] or "",
        answered_at=row["answered_at"],
    )


async def post_notice(contest: Contest, title: str, body: str, actor: Actor, now: datetime) -> None:
    """Publish a notice; it cannot be changed, only followed by another."""
    async with db.unit_of_work():
        await store.add_notice(contest.id, title, body, actor, now)
        await audit.record(actor, "notice.posted", "contest", contest.id, now, {"title": title})


async def notices(contest_id: int) -> list[dict[str, Any]]:
    """Newest first."""
    return await store.notices(contest_id)
