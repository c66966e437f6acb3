"""Named queries over contests, rulebooks, phases and entrants; rows become rule objects."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from piccolo.columns import Column

from contest import tables
from contest.editions.rules.contest import Contest, Entrant, Phase
from contest.rulebooks.rules.rulebook import Rulebook, parse_rulebook
from core.audit import Actor
from core.database import db
from core.i18n import _

_CONTESTS = """
SELECT c.*, r.number AS rulebook_number, r.digest AS rulebook_digest
FROM contest c
JOIN LATERAL (
    SELECT number, digest FROM rulebook_version WHERE contest = c.id ORDER BY number DESC LIMIT 1
) r ON true
"""
_ENTRANTS = "SELECT * FROM entrant WHERE contest = $1 ORDER BY code NULLS LAST, id"

# Parsed rulebooks by digest: content-addressed, so an entry can never be out of date.
_parsed: dict[str, Rulebook] = {}


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
        rulebook=await _rulebook(row["rulebook_digest"]),
        rulebook_number=row["rulebook_number"],
        created_at=row["created_at"],
        nomination_closes_at=row["nomination_closes_at"],
        code_order=row["code_order"],
        code_seed=row["code_seed"],
        approval_document=row["approval_document"],
        notice_starts_on=row["notice_starts_on"],
        notice_ends_on=row["notice_ends_on"],
    )


async def _rulebook(digest: str) -> Rulebook:
    known = _parsed.get(digest)
    if known is None:
        source = (
            await tables.RulebookVersion.select(tables.RulebookVersion.source)
            .where(tables.RulebookVersion.digest == digest)
            .first()
        )
        assert source is not None, "a contest is stored with its rulebook"
        known = _parsed[digest] = parse_rulebook(source["source"])
    return known


async def slug_taken(slug: str) -> bool:
    return await tables.Contest.exists().where(tables.Contest.slug == slug)


async def add_contest(slug: str, edition: str, rulebook: Rulebook, now: datetime) -> int:
    row = tables.Contest(
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


async def add_rulebook(
    contest_id: int, number: int, rulebook: Rulebook, actor: Actor, now: datetime
) -> None:
    await tables.RulebookVersion(
        contest=contest_id,
        number=number,
        source=rulebook.source,
        digest=rulebook.digest,
        uploaded_at=now,
        uploaded_by=actor.account_id,
    ).save()


async def rulebook_versions(contest_id: int) -> list[dict[str, Any]]:
    """Every version with its text, newest first."""
    table = tables.RulebookVersion
    return await (
        table.select().where(table.contest == contest_id).order_by(table.number, ascending=False)
    )


async def update_contest(contest_id: int, values: dict[Column | str, Any]) -> None:
    """Set columns of one contest, named as in the table."""
    await tables.Contest.update(values, force=True).where(tables.Contest.id == contest_id)


async def add_phase_change(contest: Contest, to: Phase, actor: Actor, now: datetime) -> None:
    await tables.PhaseChange(
        contest=contest.id,
        from_phase=contest.phase.value,
        to_phase=to.value,
        at=now,
        actor_id=actor.account_id,
        actor_name=actor.name,
    ).save()


async def phase_changes(contest_id: int) -> list[dict[str, Any]]:
    table = tables.PhaseChange
    return await table.select().where(table.contest == contest_id).order_by(table.id)


async def entrants(contest_id: int) -> list[Entrant]:
    """Everyone who was ever let in, by code; the withdrawn are flagged, not left out."""
    async with db.connection() as connection:
        rows = await connection.fetch(_ENTRANTS, contest_id)
    return [_entrant(row) for row in rows]


async def lock_entrant(entrant_id: int) -> Entrant | None:
    """The entrant, kept from changing until the unit of work ends."""
    async with db.connection() as connection:
        row = await connection.fetchrow(
            "SELECT * FROM entrant WHERE id = $1 FOR UPDATE", entrant_id
        )
    return None if row is None else _entrant(row)


def _entrant(row: Mapping[str, Any]) -> Entrant:
    return Entrant(
        id=row["id"],
        contest_id=row["contest"],
        code=row["code"] or "",
        name=row["name"],
        nominator=row["nominator"],
        township=row["township"],
        summary=row["summary"],
        case_report=row["case_report"],
        photo=row["photo"],
        first_time=row["first_time"],
        attributes={
            **msgspec.json.decode(row["attributes"], type=dict[str, str]),
            "first_time": _("是") if row["first_time"] else _("否"),
        },
        withdrawn_at=row["withdrawn_at"],
        withdrawn_reason=row["withdrawn_reason"],
    )


async def add_entrants(entrants: Sequence[tables.Entrant]) -> None:
    await tables.Entrant.insert(*entrants)


async def update_entrant(entrant_id: int, values: dict[Column | str, Any]) -> None:
    await tables.Entrant.update(values, force=True).where(tables.Entrant.id == entrant_id)


async def set_codes(codes: Mapping[int, str]) -> None:
    """Give each entrant id its code, all in one statement."""
    async with db.connection() as connection:
        await connection.execute(
            "UPDATE entrant SET code = new.code"
            " FROM unnest($1::int[], $2::text[]) AS new(id, code) WHERE entrant.id = new.id",
            list(codes),
            list(codes.values()),
        )
