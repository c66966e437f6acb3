"""Named queries over nominations and their reviews. Personal fields are sealed here."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from piccolo.columns import Column

from contest.nominations.rules import Candidate, Gap, Nomination, NominationStatus, Review
from contest.nominations.tables import Nomination as Row
from contest.nominations.tables import ReviewDecision
from core.audit import Actor
from core.crypto import KeyRing
from core.database import db

_PLAIN = (
    "name",
    "platform",
    "account",
    "summary",
    "case_report",
    "photo",
    "first_time",
    "guardian_name",
    "guardian_consent",
    "consent",
)
_SEALED = ("phone", "born_on", "guardian_phone")


async def submitted_count(contest_id: int) -> int:
    """How many nominations wait to be reviewed."""
    waiting = Row.status == NominationStatus.SUBMITTED.value
    return int(await Row.count().where(Row.contest == contest_id, waiting))


async def by_id(nomination_id: int, keys: KeyRing) -> Nomination | None:
    row = await Row.select().where(Row.id == nomination_id).first()
    return None if row is None else _nomination(row, keys)


async def lock(nomination_id: int, keys: KeyRing) -> Nomination | None:
    """The nomination, kept from changing until the unit of work ends."""
    async with db.connection() as connection:
        row = await connection.fetchrow(
            "SELECT * FROM nomination WHERE id = $1 FOR UPDATE", nomination_id
        )
    return None if row is None else _nomination(row, keys)


async def of_contest(contest_id: int, keys: KeyRing) -> list[Nomination]:
    """All but drafts, which are the committees' own; those that wait longest come first."""
    rows = await (
        Row.select()
        .where(Row.contest == contest_id, Row.status != NominationStatus.DRAFT.value)
        .order_by(Row.submitted_at)
        .order_by(Row.id)
    )
    return [_nomination(row, keys) for row in rows]


async def of_nominator(nominator: str, keys: KeyRing) -> list[Nomination]:
    """One committee's nominations, newest first."""
    rows = await Row.select().where(Row.nominator == nominator).order_by(Row.id, ascending=False)
    return [_nomination(row, keys) for row in rows]


async def add(contest_id: int, nominator: str, actor: Actor, now: datetime) -> int:
    row = Row(
        contest=contest_id,
        nominator=nominator,
        created_by=actor.account_id,
        status=NominationStatus.DRAFT.value,
        created_at=now,
        saved_at=now,
    )
    await row.save()
    return int(row.id)


async def save_candidate(
    nomination_id: int, candidate: Candidate, keys: KeyRing, now: datetime
) -> None:
    born_on = candidate.born_on.isoformat() if candidate.born_on else ""
    plain_of = {
        "phone": candidate.phone,
        "born_on": born_on,
        "guardian_phone": candidate.guardian_phone,
    }
    values: dict[Any, Any] = {field: getattr(candidate, field) for field in _PLAIN}
    values["saved_at"] = now
    for field in _SEALED:
        plain = plain_of[field]
        values[f"{field}_sealed"] = keys.seal(_seal_name(field), plain) if plain else None
    await Row.update(values, force=True).where(Row.id == nomination_id)


async def set_status(
    nomination_id: int, status: NominationStatus, also: dict[Column | str, Any] | None = None
) -> None:
    await Row.update({"status": status.value, **(also or {})}, force=True).where(
        Row.id == nomination_id
    )


async def add_review(nomination_id: int, review: Review, actor: Actor) -> None:
    await ReviewDecision(
        nomination=nomination_id,
        decision=review.decision,
        gaps=msgspec.json.encode(review.gaps).decode(),
        reason=review.reason,
        at=review.at,
        actor_id=actor.account_id,
        actor_name=actor.name,
    ).save()


async def reviews(nomination_id: int) -> list[Review]:
    """Newest first."""
    rows = await (
        ReviewDecision.select()
        .where(ReviewDecision.nomination == nomination_id)
        .order_by(ReviewDecision.id, ascending=False)
    )
    return [
        Review(
            decision=row["decision"],
            gaps=msgspec.json.decode(row["gaps"], type=tuple[Gap, ...]),
            reason=row["reason"],
            at=row["at"],
            reviewer=row["actor_name"],
        )
        for row in rows
    ]


def _nomination(row: Mapping[str, Any], keys: KeyRing) -> Nomination:
    def unsealed(field: str) -> str:
        sealed = row[f"{field}_sealed"]
        return keys.unseal(_seal_name(field), bytes(sealed)) if sealed else ""

    born_on = unsealed("born_on")
    return Nomination(
        id=row["id"],
        contest_id=row["contest"],
        nominator=row["nominator"],
        status=NominationStatus(row["status"]),
        candidate=Candidate(
            **{field: row[field] for field in _PLAIN},
            phone=unsealed("phone"),
            guardian_phone=unsealed("guardian_phone"),
            born_on=date.fromisoformat(born_on) if born_on else None,
        ),
        saved_at=row["saved_at"],
        submitted_at=row["submitted_at"],
        withdrawn_reason=row["withdrawn_reason"],
    )


def _seal_name(field: str) -> str:
    return f"nomination.{field}"
