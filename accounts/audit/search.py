"""Searching the audit log by person, action, subject and time."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from accounts.audit.words import actions_named
from core.database import db

_CHUNK = 1000


@dataclass(frozen=True)
class AuditFilter:
    """A filter; empty fields do not restrict it. `action` is the beginning of an action's code, or
    words out of its Chinese name."""

    actor: str = ""
    action: str = ""
    subject_type: str = ""
    subject_id: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class AuditLine:
    id: int
    at: datetime
    actor_id: int | None
    actor_name: str
    action: str
    subject_type: str
    subject_id: str
    details: Mapping[str, Any]
    client_address: str


def _where(wanted: AuditFilter) -> tuple[str, list[Any]]:
    """The condition and its values, numbered from $1."""
    tests: list[tuple[str, Any]] = [
        ("position(lower({}) in lower(actor_name)) > 0", wanted.actor or None),
        _action_test(wanted.action),
        ("subject_type = {}", wanted.subject_type or None),
        ("subject_id = {}", wanted.subject_id or None),
        ("at >= {}", wanted.since),
        ("at < {}", wanted.until),
    ]
    used = [(test, value) for test, value in tests if value is not None]
    parts = [test.format(f"${number}") for number, (test, _) in enumerate(used, 1)]
    return " AND ".join(parts) or "true", [value for _, value in used]


def _action_test(typed: str) -> tuple[str, Any]:
    named = actions_named(typed) if typed else []
    if named:
        return "action = ANY({}::varchar[])", named
    return "starts_with(action, {})", typed or None


def _line(row: Mapping[str, Any]) -> AuditLine:
    return AuditLine(**{**row, "details": msgspec.json.decode(row["details"])})


_COLUMNS = "id, at, actor_id, actor_name, action, subject_type, subject_id, details, client_address"


async def count_lines(wanted: AuditFilter) -> int:
    where, values = _where(wanted)
    async with db.connection() as connection:
        total: int = await connection.fetchval(
            f"SELECT count(*) FROM audit_entry WHERE {where}",  # noqa: S608 - numbered values only
            *values,
        )
    return total


async def find_lines(wanted: AuditFilter, *, limit: int, offset: int) -> list[AuditLine]:
    """One page, newest first."""
    where, values = _where(wanted)
    async with db.connection() as connection:
        rows = await connection.fetch(
            f"SELECT {_COLUMNS} FROM audit_entry WHERE {where}"  # noqa: S608 - numbered values only
            f" ORDER BY id DESC LIMIT {int(limit)} OFFSET {int(offset)}",
            *values,
        )
    return [_line(row) for row in rows]


async def every_line(wanted: AuditFilter) -> AsyncIterator[AuditLine]:
    """All of them, oldest first, a chunk at a time: the log may be longer than memory."""
    where, values = _where(wanted)
    last = 0
    while True:
        async with db.connection() as connection:
            rows = await connection.fetch(
                f"SELECT {_COLUMNS} FROM audit_entry"  # noqa: S608 - numbered values only
                f" WHERE {where} AND id > {int(last)} ORDER BY id LIMIT {_CHUNK}",
                *values,
            )
        for row in rows:
            yield _line(row)
        if len(rows) < _CHUNK:
            return
        last = rows[-1]["id"]
