"""Writing and reading the audit log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from core.i18n import _
from core.tables import AuditEntry


@dataclass(frozen=True)
class Actor:
    """Who acts: an account, or the system itself (`account_id` None)."""

    account_id: int | None
    name: str
    client_address: str = ""


SYSTEM = Actor(account_id=None, name=_("系统"))


async def record(
    actor: Actor,
    action: str,
    subject_type: str,
    subject_id: object,
    at: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add one entry; call it inside the unit of work whose change it records.

    `action` is a dotted verb such as "nomination.passed". `details` must hold no phone
    or identity number: the log is read by auditors and kept longer than personal data.
    """
    await AuditEntry(
        at=at,
        actor_id=actor.account_id,
        actor_name=actor.name,
        action=action,
        subject_type=subject_type,
        subject_id=str(subject_id),
        details=msgspec.json.encode(dict(details or {})).decode(),
        client_address=actor.client_address,
    ).save()


async def entries_about(
    subject_type: str, subject_id: object, limit: int = 200
) -> list[dict[str, Any]]:
    """The newest entries about one subject, newest first."""
    return await (
        AuditEntry.select()
        .where(AuditEntry.subject_type == subject_type, AuditEntry.subject_id == str(subject_id))
        .order_by(AuditEntry.id, ascending=False)
        .limit(limit)
    )
