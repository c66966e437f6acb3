"""Appointed people sign in: staff by password and TOTP, judges by their tablet and a PIN."""

from datetime import datetime

from accounts.people.directory import get_account
from accounts.sessions import service as sessions
from accounts.sessions.rules import SignedIn
from accounts.sign_in.staff import hashing
from accounts.sign_in.staff import store as credential_store
from accounts.sign_in.staff.rules.lockout import Attempts, after_failure
from accounts.sign_in.staff.rules.totp import matching_step
from accounts.sign_in.staff.store import StoredCredential
from core import audit
from core.audit import Actor
from core.crypto import KeyRing
from core.database import db
from core.i18n import _
from core.limits.rate_limit import WithoutRedis, limit
from core.numbers import beijing
from core.problems import FieldError, Invalid, NotAllowed
from core.runtime import Runtime
from core.web.network import network_prefix

TOTP_FIELD = "credential.totp"
# Guessing is stopped by locking the account; this limit saves the processor time of argon2.
PER_NETWORK = limit(
    "password_network",
    "60 per minute",
    without_redis=WithoutRedis.ALLOW,
    message=_("这个网络上登录太频繁，请稍后再试"),
)


async def sign_in(
    login: str, password: str, code: str, runtime: Runtime, *, client_address: str, now: datetime
) -> SignedIn:
    """Open a session for a member of staff.

    Raises Invalid without saying which of the three was wrong, NotAllowed while locked, or
    TooMany.
    """
    await runtime.limits.hit(PER_NETWORK, network_prefix(client_address))
    stored = await credential_store.by_login(login)
    if stored is not None:
        _refuse_locked(stored.attempts, now)
    right = await hashing.matches(stored.password_hash if stored else None, password)
    if stored is None:
        raise _wrong()
    return await _decide(
        stored.account_id, right, code, runtime.keys, client_address=client_address, now=now
    )


async def _decide(
    account_id: int,
    password_right: bool,
    code: str,
    keys: KeyRing,
    *,
    client_address: str,
    now: datetime,
) -> SignedIn:
    """Count the attempt with the credential locked, so that parallel guesses get no extra try."""
    account = await get_account(account_id)
    actor = Actor(account_id, account.name, client_address)
    async with db.unit_of_work():
        stored = await credential_store.lock_by_account(account_id)
        if stored is None:
            raise _wrong()
        _refuse_locked(stored.attempts, now)
        step = _totp_step(stored, code, keys, now)
        if password_right and step is not None:
            await credential_store.note_totp_step(account_id, step)
            await credential_store.note_attempts(account_id, Attempts())
            await audit.record(actor, "staff.signed_in", "account", account_id, now)
            token = await sessions.open_session(account_id, account.roles, now)
            return SignedIn(account_id, token, account.roles)
        attempts = await _count_failure(actor, stored, now)
    # raised outside the unit of work: inside, the rollback would undo the count
    _refuse_locked(attempts, now)
    raise _wrong()


async def sign_in_on_tablet(
    device: str, pin: str, runtime: Runtime, *, client_address: str, now: datetime
) -> SignedIn:
    """Open a session for the judge whose tablet it is.

    Raises NotAllowed on an unknown tablet or while locked, Invalid for a wrong PIN, TooMany.
    """
    await runtime.limits.hit(PER_NETWORK, network_prefix(client_address))
    stored = await credential_store.by_device(sessions.digest(device))
    if stored is None:
        raise NotAllowed("unknown_device", _("这台设备还没有登记，请向主办方索取登记二维码"))
    if not await check_pin(stored.account_id, pin, now):
        sentence = _("PIN 码不正确")
        raise Invalid("pin_wrong", sentence, errors=[FieldError("pin", sentence)])
    account = await get_account(stored.account_id)
    actor = Actor(account.id, account.name, client_address)
    async with db.unit_of_work():
        await audit.record(actor, "judge.signed_in", "account", account.id, now)
        token = await sessions.open_session(account.id, account.roles, now, device=device)
    return SignedIn(account.id, token, account.roles)


async def tablet_owner(device: str) -> str | None:
    """The name of the judge whose tablet it is."""
    stored = await credential_store.by_device(sessions.digest(device)) if device else None
    return None if stored is None else (await get_account(stored.account_id)).name


async def check_pin(account_id: int, pin: str, now: datetime) -> bool:
    """Whether the PIN is the judge's. Raises NotAllowed while locked after five failures."""
    stored = await credential_store.by_account(account_id)
    if stored is not None:
        _refuse_locked(stored.attempts, now)
    right = await hashing.matches(stored.pin_hash if stored else None, pin)
    if stored is None:
        return False
    account = await get_account(account_id)
    async with db.unit_of_work():
        stored = await credential_store.lock_by_account(account_id)
        if stored is None:
            return False
        _refuse_locked(stored.attempts, now)
        if right:
            await credential_store.note_attempts(account_id, Attempts())
            return True
        attempts = await _count_failure(Actor(account_id, account.name), stored, now)
    _refuse_locked(attempts, now)
    return False


async def _count_failure(actor: Actor, stored: StoredCredential, now: datetime) -> Attempts:
    attempts = after_failure(stored.attempts, now)
    await credential_store.note_attempts(stored.account_id, attempts)
    action = "account.locked" if attempts.is_locked(now) else "account.sign_in_failed"
    await audit.record(actor, action, "account", stored.account_id, now)
    return attempts


def _totp_step(stored: StoredCredential, code: str, keys: KeyRing, now: datetime) -> int | None:
    if stored.totp_sealed is None:
        return None
    secret = keys.unseal(TOTP_FIELD, stored.totp_sealed)
    return matching_step(secret, code, last_step=stored.totp_last_step, now=now)


def _refuse_locked(attempts: Attempts, now: datetime) -> None:
    if attempts.is_locked(now) and attempts.locked_until is not None:
        until = beijing(attempts.locked_until, "%H:%M:%S")
        raise NotAllowed(
            "account_locked", _("连续输错次数过多，账号锁定到 %(until)s") % {"until": until}
        )


def _wrong() -> Invalid:
    sentence = _("登录名、密码或动态码不正确；用过的动态码请等下一个")
    return Invalid("sign_in_wrong", sentence, errors=[FieldError("login", sentence)])
