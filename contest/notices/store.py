"""Named queries over notices, objections and their answers."""

from datetime import datetime
from typing import Any

from contest.notices.tables import Notice, Objection, ObjectionAnswer
from core.audit import Actor
from core.database import db

_OBJECTIONS = """
SELECT o.*, a.outcome, a.body AS answer, a.at AS answered_at, a.actor_name AS answered_by
FROM objection o LEFT JOIN objection_answer a ON a.objection = o.id
"""


async def open_count(contest_id: int) -> int:
    """How many objections wait for their written answer."""
    async with db.connection() as connection:
        return int(
            await connection.fetchval(
                "SELECT count(*) FROM objection o LEFT JOIN objection_answer a"
                " ON a.objection = o.id WHERE o.contest = $1 AND a.id IS NULL",
                contest_id,
            )
        )


async def of_contest(contest_id: int) -> list[dict[str, Any]]:
    """All objections with their answers, those that wait first, oldest first."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            _OBJECTIONS + "WHERE o.contest = $1 ORDER BY a.id IS NOT NULL, o.id", contest_id
        )
    return [dict(row) for row in rows]


async def by_reference(reference: str) -> dict[str, Any] | None:
    async with db.connection() as connection:
        row = await connection.fetchrow(_OBJECTIONS + "WHERE o.reference = $1", reference)
    return None if row is None else dict(row)


async def by_id(objection_id: int) -> dict[str, Any] | None:
    async with db.connection() as connection:
        row = await connection.fetchrow(_OBJECTIONS + "WHERE o.id = $1", objection_id)
    return None if row is None else dict(row)


async def add_objection(
    contest_id: int,
    reference: str,
    real_name_sealed: bytes,
    contact_sealed: bytes,
    about: str,
    body: str,
    now: datetime,
) -> None:
    await Objection(
        contest=contest_id,
        reference=reference,
        real_name_sealed=real_name_sealed,
        contact_sealed=contact_sealed,
        about=about,
        body=body,
        filed_at=now,
    ).save()


async def add_answer(
    objection_id: int, outcome: str, body: str, actor: Actor, now: datetime
) -> None:
    await ObjectionAnswer(
        objection=objection_id,
        outcome=outcome,
        body=body,
        at=now,
        actor_id=actor.account_id,
        actor_name=actor.name,
    ).save()


async def add_notice(contest_id: int, title: str, body: str, actor: Actor, now: datetime) -> None:
    await Notice(
        contest=contest_id,
        title=title,
        body=body,
        posted_at=now,
        actor_id=actor.account_id,
        actor_name=actor.name,
    ).save()


async def notices(contest_id: int) -> list[dict[str, Any]]:
    """Newest first."""
    return await (
        Notice.select().where(Notice.contest == contest_id).order_by(Notice.id, ascending=False)
    )
