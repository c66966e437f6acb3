"""Named queries over imported files of figures and what they say."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from contest.figures.tables import Figure, FigureImport
from core.audit import Actor
from core.database import db

# The newest verified file that names an entrant's figure is the one that counts.
_EFFECTIVE = """
SELECT DISTINCT ON (f.entrant, f.figure_id) f.entrant, f.figure_id, f.value, f.line,
    i.id AS import_id, i.file_name, i.file_digest, i.as_of, i.uploaded_by_name, i.decided_by_name
FROM figure f JOIN figure_import i ON i.id = f.figure_import
WHERE i.contest = $1 AND i.status = 'verified'
ORDER BY f.entrant, f.figure_id, i.as_of DESC, i.id DESC
"""


async def effective(contest_id: int) -> list[dict[str, Any]]:
    """The figures that count now, each with its file, as-of time and the two people."""
    async with db.connection() as connection:
        return [dict(row) for row in await connection.fetch(_EFFECTIVE, contest_id)]


async def waiting() -> list[dict[str, Any]]:
    """Every file of every contest that waits for the second person, the longest wait first."""
    return await (
        FigureImport.select().where(FigureImport.status == "waiting").order_by(FigureImport.id)
    )


async def waiting_count(contest_id: int) -> int:
    """How many files wait for the second person."""
    waiting = FigureImport.status == "waiting"
    return int(await FigureImport.count().where(FigureImport.contest == contest_id, waiting))


async def imports(contest_id: int) -> list[dict[str, Any]]:
    """Every file, newest first."""
    return await (
        FigureImport.select()
        .where(FigureImport.contest == contest_id)
        .order_by(FigureImport.id, ascending=False)
    )


async def import_by_id(import_id: int) -> dict[str, Any] | None:
    return await FigureImport.select().where(FigureImport.id == import_id).first()


async def figures_of(import_id: int) -> list[dict[str, Any]]:
    """What one file says, in the order of its rows."""
    return await Figure.select().where(Figure.figure_import == import_id).order_by(Figure.id)


async def add_import(
    contest_id: int,
    file_name: str,
    file_digest: str,
    as_of: datetime,
    note: str,
    actor: Actor,
    now: datetime,
) -> int:
    row = FigureImport(
        contest=contest_id,
        file_name=file_name,
        file_digest=file_digest,
        as_of=as_of,
        note=note,
        status="waiting",
        uploaded_at=now,
        uploaded_by=actor.account_id,
        uploaded_by_name=actor.name,
    )
    await row.save()
    return int(row.id)


async def add_figures(import_id: int, figures: Sequence[tuple[int, str, Decimal, int]]) -> None:
    """Figures as (entrant id, figure id, value, line)."""
    await Figure.insert(
        *(
            Figure(
                figure_import=import_id, entrant=entrant, figure_id=figure, value=value, line=line
            )
            for entrant, figure, value, line in figures
        )
    )


async def decide(import_id: int, status: str, note: str, actor: Actor, now: datetime) -> bool:
    """Record the second person's verdict; False when the file was already decided."""
    async with db.connection() as connection:
        done = await connection.fetchval(
            "UPDATE figure_import SET status = $2, decision_note = $3, decided_by = $4,"
            " decided_by_name = $5, decided_at = $6 WHERE id = $1 AND status = 'waiting'"
            " RETURNING id",
            import_id,
            status,
            note,
            actor.account_id,
            actor.name,
            now,
        )
    return done is not None
