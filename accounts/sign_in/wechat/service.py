"""Signing in by WeChat, for accounts whose phone number was verified.

The first time, a phone is verified once more by its code, and the identity is tied to that
phone's account; from then on WeChat alone is enough. So one phone stays one voter, however
many WeChat identities its owner has.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.sessions import service as sessions
from accounts.sessions.rules import SignedIn
from accounts.sign_in.wechat import store as wechat_store
from core import audit
from core.audit import Actor
from core.crypto import KeyRing, SealBrokenError
from core.database import db
from core.i18n import _
from core.problems import NotAllowed

PENDING_LIFETIME = timedelta(minutes=15)
_SEALED = "wechat.pending"


@dataclass(frozen=True)
class Pending:
    """An identity that WeChat has confirmed and that no phone is known for yet; kept sealed in
    the browser's own cookie."""

    openid_index: bytes


def index_of(keys: KeyRing, openid: str) -> bytes:
    return keys.blind("wechat", openid)


def new_state() -> str:
    """A random value that connects WeChat's answer with the browser that asked."""
    return secrets.token_urlsafe(24)


async def sign_in(openid_index: bytes, client_address: str, now: datetime) -> SignedIn | None:
    """A new session; None where a phone must be verified first. Raises NotAllowed."""
    async with db.unit_of_work():
        known = await wechat_store.linked(openid_index)
        if known is None:
            return None
        if not known.may_sign_in:
            raise NotAllowed("account_disabled", _("这个账号已停用，如有疑问请拨打咨询电话"))
        actor = Actor(known.account_id, known.name, client_address)
        await audit.record(actor, "wechat.signed_in", "account", known.account_id, now)
        token = await sessions.open_session(known.account_id, known.roles, now)
    return SignedIn(known.account_id, token, known.roles)


def seal_pending(keys: KeyRing, openid_index: bytes, now: datetime) -> str:
    until = int((now + PENDING_LIFETIME).timestamp())
    return keys.seal(_SEALED, f"{until} {openid_index.hex()}").hex()


def open_pending(keys: KeyRing, sealed: str, now: datetime) -> Pending | None:
    """None for what was not sealed here, or too long ago."""
    try:
        until, index = keys.unseal(_SEALED, bytes.fromhex(sealed)).split(" ")
    except (SealBrokenError, ValueError):
        return None
    return Pending(bytes.fromhex(index)) if now.timestamp() < int(until) else None


async def tie(pending: Pending, signed_in: SignedIn, client_address: str, now: datetime) -> None:
    """Tie the identity to the account whose phone was just verified."""
    async with db.unit_of_work():
        if await wechat_store.link(pending.openid_index, signed_in.account_id, now):
            actor = Actor(signed_in.account_id, "", client_address)
            await audit.record(actor, "wechat.linked", "account", signed_in.account_id, now)
