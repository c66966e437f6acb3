"""One-time links: how an appointed person first sets what they will sign in with."""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.people.directory import get_account
from accounts.people.rules import STAFF_ROLES, Account, Role
from accounts.sessions import service as sessions
from accounts.sessions.rules import SignedIn
from accounts.sign_in.staff import hashing
from accounts.sign_in.staff import store as credential_store
from accounts.sign_in.staff.rules.secrets import password_problem, pin_problem
from accounts.sign_in.staff.rules.totp import matching_step, provisioning_uri
from accounts.sign_in.staff.service import TOTP_FIELD
from core import audit
from core.audit import Actor
from core.crypto import KeyRing
from core.database import db
from core.i18n import _
from core.problems import Conflict, FieldError, Invalid, NotFound

LINK_LIFETIME = timedelta(days=3)


@dataclass(frozen=True)
class Enrolment:
    """What the page of a link shows; the last two are empty for judges."""

    account: Account
    login: str
    totp_secret: str
    totp_uri: str

    @property
    def for_judge(self) -> bool:
        return self.account.roles == {Role.JUDGE}


async def enrol_link(account_id: int, actor: Actor, now: datetime) -> str:
    """The path of a new one-time link, shown as a QR code. Earlier links stop working.

    What the person signs in with until now works on until the link is used. Raises
    NotFound, or Conflict for an account that signs in by SMS or is disabled.
    """
    account = await get_account(account_id)
    if account.roles.isdisjoint(STAFF_ROLES | {Role.JUDGE}):
        raise Conflict("signs_in_by_sms", _("这个账号用短信验证码登录，不需要登记"))
    if account.disabled:
        raise Conflict("account_disabled", _("这个账号已停用，请先启用再登记"))
    token = secrets.token_urlsafe(24)
    async with db.unit_of_work():
        if await credential_store.by_account(account_id) is None:
            await credential_store.set_login(account_id, None)
        await credential_store.insert_enrolment(
            account_id, sessions.digest(token), now=now, expires_at=now + LINK_LIFETIME
        )
        await audit.record(actor, "account.enrolment_link_made", "account", account_id, now)
    return f"/enrol/{token}"


async def find_enrolment(token: str, keys: KeyRing, now: datetime) -> Enrolment:
    """Raises NotFound for a link that is unknown, used, replaced or too old."""
    account_id = await credential_store.open_enrolment(sessions.digest(token), now)
    if account_id is None:
        raise _link_is_spent()
    account = await get_account(account_id)
    stored = await credential_store.by_account(account_id)
    if stored is None:
        raise _link_is_spent()
    if account.roles == {Role.JUDGE}:
        return Enrolment(account, "", "", "")
    login = stored.login or ""
    secret = _totp_secret(token, keys)
    return Enrolment(account, login, secret, provisioning_uri(secret, login))


async def enrol_staff(
    token: str, password: str, again: str, code: str, keys: KeyRing, now: datetime
) -> SignedIn:
    """Set password and TOTP, spend the link, and sign in. Raises NotFound or Invalid."""
    enrolment = await find_enrolment(token, keys, now)
    step = matching_step(enrolment.totp_secret, code, last_step=0, now=now)
    _raise_errors(
        ("password", password_problem(password, enrolment.login)),
        ("again", None if password == again else _("两次输入的密码不一样")),
        ("code", None if step else _("动态码不正确，请看验证器里现在的 6 位数字")),
    )
    password_hash = await hashing.hashed(password)
    account_id = enrolment.account.id
    async with db.unit_of_work():
        await _spend(token, enrolment.account, now)
        await credential_store.set_staff_secrets(
            account_id,
            password_hash=password_hash,
            totp_sealed=keys.seal(TOTP_FIELD, enrolment.totp_secret),
            totp_step=step or 0,
        )
        session = await sessions.open_session(account_id, enrolment.account.roles, now)
    sessions.reader.forget(account_id)
    return SignedIn(account_id, session, enrolment.account.roles)


async def enrol_judge(
    token: str, pin: str, again: str, keys: KeyRing, now: datetime
) -> tuple[SignedIn, str]:
    """Set the PIN, bind this tablet, spend the link, and sign in: the session, the device.

    A judge has one tablet: the one before is signed out. Raises NotFound or Invalid.
    """
    enrolment = await find_enrolment(token, keys, now)
    _raise_errors(
        ("pin", pin_problem(pin)),
        ("again", None if pin == again else _("两次输入的 PIN 码不一样")),
    )
    pin_hash = await hashing.hashed(pin)
    device = secrets.token_urlsafe(32)
    account_id = enrolment.account.id
    async with db.unit_of_work():
        await _spend(token, enrolment.account, now)
        await credential_store.set_judge_secrets(
            account_id, pin_hash=pin_hash, device_digest=sessions.digest(device)
        )
        session = await sessions.open_session(
            account_id, enrolment.account.roles, now, device=device
        )
    sessions.reader.forget(account_id)
    return SignedIn(account_id, session, enrolment.account.roles), device


async def _spend(token: str, account: Account, now: datetime) -> None:
    if not await credential_store.claim_enrolment(sessions.digest(token), now):
        raise _link_is_spent()
    await sessions.delete_all_of(account.id)
    actor = Actor(account.id, account.name)
    await audit.record(actor, "account.enrolled", "account", account.id, now)


def _totp_secret(token: str, keys: KeyRing) -> str:
    """The secret that a link's page offers: the same at each reading, and stored nowhere.

    It is derived with the installation's key, so nobody learns the second factor from a spent link.
    """
    return base64.b32encode(keys.blind("enrolment.totp", token)[:20]).decode()


def _raise_errors(*checks: tuple[str, str | None]) -> None:
    errors = [FieldError(field, problem) for field, problem in checks if problem]
    if errors:
        raise Invalid("invalid_form", _("请更正标出的内容后再提交"), errors=errors)


def _link_is_spent() -> NotFound:
    return NotFound("enrolment_spent", _("这个登记链接已经用过或已过期，请向管理员要一个新的"))
