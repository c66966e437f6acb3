"""Named queries over contests and the history of their phases; rows become rule objects."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from piccolo.columns import Column

from contest.editions.rules.contest import Contest, Phase
from contest.editions.tables import Contest as Row
from contest.editions.tables import PhaseChange
from contest.rulebooks import store as rulebook_store
from contest.rulebooks.rules.rulebook import Rulebook
from core.audit import Actor
from core.database import db

_CONTESTS = """
SELECT c.*, r.number AS rulebook_number, r.digest AS rulebook_digest
FROM contest c
JOIN LATERAL (
    SELECT number, digest FROM rulebook_version WHERE contest = c.id ORDER BY number DESC LIMIT 1
) r ON true
"""


async def contest_by_slug(slug: str) -> Contest | None:
    return await _one_contest("WHERE c.slug = $1", slug)


async def contest_by_id(contest_id: int) -> Contest | None:
    return await _one_contest("WHERE c.id = $1", contest_id)


async def lock_contest(contest_id: int) -> Contest | None:
    """The contest, kept from changing until the unit of work ends."""
    return await _one_contest("WHERE c.id = $1 FOR UPDATE OF c", contest_id)


async def all_contests() -> list[Contest]:
    """Every contest, newest first."""
    async with db.connection() as connection:
        rows = await connection.fetch(_CONTESTS + "ORDER BY c.id DESC")
    return [await _contest(row) for row in rows]


async def _one_contest(where: str, argument: object) -> Contest | None:
    async with db.connection() as connection:
        row = await connection.fetchrow(_CONTESTS + where, argument)
    return None if row is None else await _contest(row)


async def _contest(row: Mapping[str, Any]) -> Contest:
    return Contest(
        id=row["id"],
        slug=row["slug"],
        title=row["title"],
        series=row["series"],
        edition=row["edition"],
        phase=Phase(row["phase"]),
        phase_since=row["phase_since"],
        rulebook=await rulebook_store.by_digest(row["rulebook_digest"]),
        rulebook_number=row["rulebook_number"],
        created_at=row["created_at"],
        nomination_closes_at=row["nomination_closes_at"],
        code_order=row["code_order"],
        code_seed=row["code_seed"],
        approval_document=row["approval_document"],
        notice_starts_on=row["notice_starts_on"],
        notice_ends_on=row["notice_ends_on"],
    )


async def slug_taken(slug: str) -> bool:
    return await Row.exists().where(Row.slug == slug)


async def add_contest(slug: str, edition: str, rulebook: Rulebook, now: datetime) -> int:
    row = Row(
        slug=slug,
        title=rulebook.title,
        series=rulebook.id,
        edition=edition,
        phase=Phase.DRAFT.value,
        phase_since=now,
        created_at=now,
    )
    await row.save()
    return int(row.id)


async def update_contest(contest_id: int, values: dict[Column | str, Any]) -> None:
    """Set columns of one contest, named as in the table."""
    await Row.update(values, force=True).where(Row.id == contest_id)


async def add_phase_change(contest: Contest, to: Phase, actor: Actor, now: datetime) -> None:
    await PhaseChange(
        contest=contest.id,
        from_phase=contest.phase.value,
        to_phase=to.value,
        at=now,
        actor_id=actor.account_id,
        actor_name=actor.name,
    ).save()


async def phase_changes(contest_id: int) -> list[dict[str, Any]]:
    """When each phase began and who began it, oldest first."""
    return await (
        PhaseChange.select().where(PhaseChange.contest == contest_id).order_by(PhaseChange.id)
    )
