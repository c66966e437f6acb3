"""Parts in kind: arranged by the department that owes them, then done, with the evidence."""

import asyncio
from datetime import date, datetime
from typing import Any

from core import audit
from core.audit import Actor
from core.beijing import beijing_day
from core.database import db
from core.files.file_store import FileStore
from core.i18n import _
from core.problems import Conflict, FieldError, Invalid, NotFound
from core.runtime import Runtime
from fund.in_kind import store
from fund.in_kind.rules import Arrangement, Done, Part


def evidence_store(runtime: Runtime) -> FileStore:
    """Where evidence lies; it is shown to staff alone."""
    return FileStore(runtime.settings.data_dir / "fund")


async def parts() -> list[Part]:
    return await store.all_parts()


async def of_entitlement(entitlement: int) -> list[Part]:
    return await store.of_entitlement(entitlement)


async def get_part(number: int) -> Part:
    """Raises NotFound."""
    found = await store.part(number)
    if found is None:
        raise NotFound("no_such_part", _("没有这项非现金奖励"))
    return found


async def history(number: int) -> list[dict[str, Any]]:
    return await store.history(number)


async def arrange(number: int, arrangement: Arrangement, actor: Actor, now: datetime) -> None:
    """Say where and when; the newest word holds. Raises NotFound, Conflict once it is done."""
    async with db.unit_of_work():
        part = await _open_part(number)
        await store.add_step(number, arrangement, None, actor, now)
        details = {"part": number, "place": arrangement.place}
        await audit.record(actor, "in_kind.arranged", "entitlement", part.entitlement, now, details)


async def finish(
    number: int,
    on: date,
    evidence: str,
    file: tuple[str, bytes],
    files: FileStore,
    actor: Actor,
    now: datetime,
) -> None:
    """Say that a part has been given. `file` is (name, content), both empty without one.

    Raises NotFound, Conflict once it is done, Invalid for a day that has not come.
    """
    if on > beijing_day(now):
        problem = _("完成日期不能晚于今天")
        raise Invalid("not_yet", problem, errors=[FieldError("done_on", problem)])
    name, content = file
    digest = await asyncio.to_thread(files.put, content) if content else ""
    async with db.unit_of_work():
        part = await _open_part(number)
        done = Done(on, evidence, digest, name if content else "")
        await store.add_step(number, part.arrangement, done, actor, now)
        details = {"part": number, "on": on.isoformat(), "sha256": digest}
        await audit.record(actor, "in_kind.done", "entitlement", part.entitlement, now, details)


async def _open_part(number: int) -> Part:
    await store.hold_part(number)
    part = await get_part(number)
    if part.done:
        raise Conflict("already_done", _("这项奖励已登记完成"))
    if part.cancelled:
        raise Conflict("entitlement_cancelled", _("这笔应付款已撤销，不再办理"))
    return part
