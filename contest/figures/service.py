"""Platform figures: one person uploads a file, a second verifies it, then its figures count."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from contest.editions import store as contest_store
from contest.editions.rules.contest import Contest, Phase
from contest.entrants import store as entrant_store
from contest.entrants.importing import sheet_errors
from contest.figures import store
from contest.figures.rules.needed import figures_needed
from contest.figures.rules.rows import read_figures
from core import audit
from core.audit import Actor
from core.database import db
from core.files.file_store import FileStore
from core.files.spreadsheets import read_rows
from core.i18n import _
from core.problems import Conflict, NotFound
from core.runtime import Runtime
from core.two_people import already_decided, require_second_person

VERIFIED = "verified"
REFUSED = "refused"
_FIXED = frozenset({Phase.PUBLIC_NOTICE, Phase.FINAL})


@dataclass(frozen=True)
class Upload:
    """A file as it arrived, and what its uploader says of it."""

    file_name: str
    content: bytes
    as_of: datetime
    note: str


def evidence_store(runtime: Runtime) -> FileStore:
    """Where source files lie; they are shown to staff alone."""
    return FileStore(runtime.settings.data_dir / "evidence")


async def upload(
    contest: Contest, file: Upload, files: FileStore, actor: Actor, now: datetime
) -> int:
    """Read a file of figures and keep it until a second person has looked; returns its id.

    Raises Invalid about "table" with every error by row and column, Conflict once the
    result is public or when the rulebook needs no figures.
    """
    needed = figures_needed(contest.rulebook)
    if not needed:
        raise Conflict("no_figures_needed", _("这项评选的规则不需要平台数据"))
    rows = await asyncio.to_thread(read_rows, file.content, "table")
    entrants = {e.code: e.id for e in await entrant_store.of_contest(contest.id) if e.code}
    figures, errors = read_figures(rows, needed, frozenset(entrants))
    if errors:
        raise sheet_errors(errors)
    digest = await asyncio.to_thread(files.put, file.content)
    async with db.unit_of_work():
        await _require_open(contest)
        import_id = await store.add_import(
            contest.id, file.file_name, digest, file.as_of, file.note, actor, now
        )
        await store.add_figures(
            import_id, [(entrants[f.code], f.figure_id, f.value, f.line) for f in figures]
        )
        details = {"import": import_id, "sha256": digest, "figures": len(figures)}
        await audit.record(actor, "figures.uploaded", "contest", contest.id, now, details)
    return import_id


async def _require_open(contest: Contest) -> None:
    locked = await contest_store.lock_contest(contest.id)
    if locked is None or locked.phase in _FIXED:
        raise Conflict("figures_fixed", _("结果已经公示，数据不能再改"))


async def decide(
    import_id: int, status: str, note: str, actor: Actor, now: datetime
) -> dict[str, Any]:
    """The second person's verdict on a file, "verified" or "refused"; returns the import.

    Raises NotAllowed for the person who uploaded it, Conflict when it was decided before.
    """
    assert status in (VERIFIED, REFUSED), status
    async with db.unit_of_work():
        row = await get_import(import_id)
        contest = await contest_store.contest_by_id(row["contest"])
        assert contest is not None, "a foreign key holds this"
        await _require_open(contest)
        require_second_person(_("数据核验"), actor, {_("上传人"): row["uploaded_by"]})
        if not await store.decide(import_id, status, note, actor, now):
            decided = await get_import(import_id)
            raise already_decided(_("数据核验"), decided["decided_by_name"])
        details = {"import": import_id, "sha256": row["file_digest"]}
        await audit.record(actor, f"figures.{status}", "contest", contest.id, now, details)
    return row


async def get_import(import_id: int) -> dict[str, Any]:
    """One file's row. Raises NotFound."""
    row = await store.import_by_id(import_id)
    if row is None:
        raise NotFound("no_such_import", _("没有这份数据"))
    return row


async def imports(contest_id: int) -> list[dict[str, Any]]:
    """Every file, newest first."""
    return await store.imports(contest_id)


async def waiting() -> list[dict[str, Any]]:
    """Every file that waits for its second person, over all contests, longest wait first."""
    return await store.waiting()


async def figures_of(import_id: int) -> list[dict[str, Any]]:
    """What one file says, in the order of its rows."""
    return await store.figures_of(import_id)


async def effective(contest_id: int) -> list[dict[str, Any]]:
    """The figures that count now, each with its file, as-of time and the two people."""
    return await store.effective(contest_id)


async def effective_values(contest_id: int) -> dict[tuple[int, str], Decimal]:
    """(entrant id, figure id) → the value that counts; figure ids as in `figures_needed`."""
    rows = await store.effective(contest_id)
    return {(row["entrant"], row["figure_id"]): row["value"] for row in rows}
