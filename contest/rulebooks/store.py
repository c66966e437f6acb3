"""Named queries over the versions of contests' rulebooks."""

from datetime import datetime
from typing import Any

from contest.rulebooks.rules.rulebook import Rulebook, parse_rulebook
from contest.rulebooks.tables import RulebookVersion
from core.audit import Actor

# Parsed rulebooks by digest: content-addressed, so an entry can never be out of date.
_parsed: dict[str, Rulebook] = {}


async def by_digest(digest: str) -> Rulebook:
    """The rulebook whose text has this digest; some contest is stored with it."""
    known = _parsed.get(digest)
    if known is None:
        version = (
            await RulebookVersion.select(RulebookVersion.source)
            .where(RulebookVersion.digest == digest)
            .first()
        )
        assert version is not None, "a contest is stored with its rulebook"
        known = _parsed[digest] = parse_rulebook(version["source"])
    return known


async def add_version(
    contest_id: int, number: int, rulebook: Rulebook, actor: Actor, now: datetime
) -> None:
    await RulebookVersion(
        contest=contest_id,
        number=number,
        source=rulebook.source,
        digest=rulebook.digest,
        uploaded_at=now,
        uploaded_by=actor.account_id,
    ).save()


async def versions(contest_id: int) -> list[dict[str, Any]]:
    """Every version with its text, newest first."""
    return await (
        RulebookVersion.select()
        .where(RulebookVersion.contest == contest_id)
        .order_by(RulebookVersion.number, ascending=False)
    )
