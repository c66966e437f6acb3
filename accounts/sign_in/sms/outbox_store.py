"""The development sender's messages: kept sealed, read by number or newest first."""

from dataclasses import dataclass
from datetime import datetime

from accounts.sign_in.sms.tables import OutboxMessage
from core.crypto import KeyRing

_FIELD = "sms_outbox"


@dataclass(frozen=True)
class Message:
    phone: str
    code: str
    sent_at: datetime


async def put(keys: KeyRing, phone: str, code: str, now: datetime) -> None:
    await OutboxMessage(
        phone_sealed=keys.seal(_FIELD, phone),
        phone_index=keys.blind("phone", phone),
        words_sealed=keys.seal(_FIELD, code),
        sent_at=now,
    ).save()


async def latest(keys: KeyRing, *, phone: str = "", limit: int = 50) -> list[Message]:
    """The newest messages first; those to `phone` only when it is given."""
    query = OutboxMessage.select().order_by(OutboxMessage.id, ascending=False).limit(limit)
    if phone:
        query = query.where(OutboxMessage.phone_index == keys.blind("phone", phone))
    return [
        Message(
            keys.unseal(_FIELD, row["phone_sealed"]),
            keys.unseal(_FIELD, row["words_sealed"]),
            row["sent_at"],
        )
        for row in await query
    ]
