"""Credentials set without an enrolment link, for accounts that a program makes."""

import secrets

from accounts.sessions import service as sessions
from accounts.sign_in.staff import hashing
from accounts.sign_in.staff import store as credential_store


async def account_of_login(login: str) -> int | None:
    """The account that signs in under this name."""
    stored = await credential_store.by_login(login)
    return None if stored is None else stored.account_id


async def give_login(account_id: int, login: str) -> None:
    """A name to sign in under. Without a password nobody can use it yet."""
    await credential_store.set_login(account_id, login)


async def give_pin(account_id: int, pin: str) -> None:
    """A PIN for signing sheets, with a device that no tablet holds: the judge's own tablet is
    enrolled by a link, and until then nobody can sign in with this PIN alone."""
    nowhere = sessions.digest(secrets.token_urlsafe())
    await credential_store.set_judge_secrets(
        account_id, pin_hash=await hashing.hashed(pin), device_digest=nowhere
    )
