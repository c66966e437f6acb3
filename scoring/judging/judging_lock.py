"""The lock under which a contest's panel and running order are changed."""

from core.database import db


async def lock_judging(contest_id: int) -> None:
    """Let one act at a time change a contest's panel or running order, until commit."""
    async with db.connection() as tx:
        await tx.execute("SELECT pg_advisory_xact_lock(hashtext('judging'), $1)", contest_id)
