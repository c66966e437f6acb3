"""Adding many entrants at once from a table."""

from collections.abc import Sequence
from datetime import datetime

from contest.editions import store as contest_store
from contest.editions.rules.contest import Contest, Phase
from contest.entrants import store
from contest.entrants.rules.entrant import NewEntrant
from contest.entrants.rules.rows import RowError, read_entrants
from core import audit
from core.audit import Actor
from core.database import db
from core.i18n import _
from core.problems import Conflict, FieldError, Invalid

OPEN_PHASES = frozenset({Phase.DRAFT, Phase.NOMINATION, Phase.REVIEW})


async def import_entrants(
    contest: Contest, rows: Sequence[Sequence[str]], actor: Actor, now: datetime
) -> int:
    """Add every entrant of a sheet (first row: column names), or none; returns how many.

    Raises Invalid about the field "table" with all errors by row and column, Conflict once
    voting has begun.
    """
    async with db.unit_of_work():
        await _require_open(contest)
        present = await store.of_contest(contest.id)
        taken = frozenset(entrant.code for entrant in present if entrant.code)
        entrants, errors = read_entrants(rows, contest.rulebook, taken)
        if errors:
            raise sheet_errors(errors)
        await _add(contest, entrants, actor, now)
    return len(entrants)


async def add_entrants(
    contest_id: int, entrants: Sequence[NewEntrant], actor: Actor, now: datetime
) -> None:
    """Add entrants known to be good, as tests and the demo do. Raises Conflict."""
    async with db.unit_of_work():
        contest = await contest_store.contest_by_id(contest_id)
        assert contest is not None, "add to a contest that exists"
        await _require_open(contest)
        await _add(contest, entrants, actor, now)


async def _require_open(contest: Contest) -> None:
    locked = await contest_store.lock_contest(contest.id)
    if locked is None or locked.phase not in OPEN_PHASES:
        raise Conflict("entrants_fixed", _("投票或评审已经开始，不能再增加候选人"))


async def _add(
    contest: Contest, entrants: Sequence[NewEntrant], actor: Actor, now: datetime
) -> None:
    await store.add(contest.id, entrants, now)
    details = {"count": len(entrants)}
    await audit.record(actor, "entrants.imported", "contest", contest.id, now, details)


def sheet_errors(errors: Sequence[RowError]) -> Invalid:
    """All errors of a sheet as one refusal about the field "table"."""
    return Invalid(
        "invalid_table",
        _("表格有 %(n)s 处错误，一行也没有导入") % {"n": len(errors)},
        errors=[FieldError("table", _place(error)) for error in errors],
    )


def _place(error: RowError) -> str:
    where = _("第 %(line)s 行") % {"line": error.line}
    if error.column:
        where += _("「%(column)s」列") % {"column": error.column}
    return f"{where}：{error.message}"
