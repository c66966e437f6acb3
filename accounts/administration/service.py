"""What the administrator does with the accounts of appointed people."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from accounts.people import store
from accounts.people.directory import get_account
from accounts.people.rules import PUBLIC_ROLES, Account, Role, roles_problem
from accounts.sessions import service as sessions
from accounts.sign_in.staff import store as credential_store
from accounts.sign_in.staff.enrolment import enrol_link
from accounts.sign_in.staff.rules.lockout import Attempts
from accounts.sign_in.staff.rules.secrets import login_problem
from core import audit
from core.audit import Actor
from core.database import db
from core.i18n import _
from core.problems import Conflict, FieldError, Invalid


@dataclass(frozen=True)
class NewPerson:
    """`login` is empty for judges, who sign in with their tablet."""

    name: str
    roles: frozenset[Role]
    login: str
    township: str
    contest_id: int | None


async def appoint(person: NewPerson, actor: Actor, now: datetime) -> tuple[int, str]:
    """Make the account: its id and the path of its one-time enrolment link. Raises Invalid."""
    errors = _errors(person)
    if errors:
        raise Invalid("invalid_form", _("请更正标出的内容后再提交"), errors=errors)
    async with db.unit_of_work():
        account_id = await store.insert_account(
            person.name,
            person.roles,
            township=person.township,
            contest_id=person.contest_id,
            phone=None,
            now=now,
        )
        if not await credential_store.set_login(account_id, person.login or None):
            taken = _("这个登录名已经有人使用")
            raise Invalid("login_taken", taken, errors=[FieldError("login", taken)])
        details = {"roles": sorted(person.roles), "name": person.name}
        await audit.record(actor, "account.created", "account", account_id, now, details)
    return account_id, await enrol_link(account_id, actor, now)


def _errors(person: NewPerson) -> list[FieldError]:
    errors = []
    if person.roles & PUBLIC_ROLES:
        errors.append(FieldError("roles", _("投票人和创作者用手机号自行登录，不由管理员设立")))
    elif problem := roles_problem(person.roles):
        errors.append(FieldError("roles", problem))
    if person.roles == {Role.JUDGE}:
        if person.login:
            errors.append(FieldError("login", _("评委用平板和 PIN 码登录，不需要登录名")))
    elif problem := login_problem(person.login):
        errors.append(FieldError("login", problem))
    if missing := _township_error(person.roles, person.township):
        errors.append(missing)
    return errors


def _township_error(roles: frozenset[Role], township: str) -> FieldError | None:
    """A township officer needs a township: nominations are shown by township."""
    if Role.TOWNSHIP_OFFICER in roles and not township:
        return FieldError("township", _("请填写该工作人员所在的乡镇"))
    return None


async def change_roles(
    account_id: int, roles: Collection[Role], township: str, actor: Actor, now: datetime
) -> None:
    """`township` is where a township officer serves.

    Raises NotFound, Invalid, or Conflict when nobody would administer any more.
    """
    account = await get_account(account_id)
    wanted = frozenset(roles)
    problem = roles_problem(wanted)
    if problem is None and bool(wanted & PUBLIC_ROLES) != bool(account.roles & PUBLIC_ROLES):
        problem = _("登录方式不同的角色不能互换，请另设账号")
    if problem is None and ({Role.JUDGE} == wanted) != ({Role.JUDGE} == account.roles):
        problem = _("登录方式不同的角色不能互换，请另设账号")
    if problem:
        raise Invalid("roles_not_possible", problem, errors=[FieldError("roles", problem)])
    if missing := _township_error(wanted, township):
        raise Invalid("invalid_form", missing.message, errors=[missing])
    async with db.unit_of_work():
        await store.lock_role(Role.ADMINISTRATOR)
        await store.set_roles(account_id, wanted, township)
        await _keep_an_administrator()
        details = {"from": sorted(account.roles), "to": sorted(wanted), "township": township}
        await audit.record(actor, "account.roles_changed", "account", account_id, now, details)
    sessions.reader.forget(account_id)


async def set_disabled(account_id: int, disabled: bool, actor: Actor, now: datetime) -> None:
    """Disabling signs the person out everywhere. Raises NotFound, Conflict."""
    await get_account(account_id)
    async with db.unit_of_work():
        await store.lock_role(Role.ADMINISTRATOR)
        await store.set_disabled(account_id, now if disabled else None)
        await _keep_an_administrator()
        if disabled:
            await sessions.delete_all_of(account_id)
        action = "account.disabled" if disabled else "account.enabled"
        await audit.record(actor, action, "account", account_id, now)
    sessions.reader.forget(account_id)


async def unlock(account_id: int, actor: Actor, now: datetime) -> None:
    """Raises NotFound."""
    await get_account(account_id)
    async with db.unit_of_work():
        await credential_store.note_attempts(account_id, Attempts())
        await audit.record(actor, "account.unlocked", "account", account_id, now)


async def reset(account_id: int, actor: Actor, now: datetime) -> str:
    """Make the person enrol anew: what they signed in with stops working at once.

    Returns the path of the new link. Raises NotFound or Conflict.
    """
    link = await enrol_link(account_id, actor, now)
    async with db.unit_of_work():
        await credential_store.clear_secrets(account_id)
        await sessions.delete_all_of(account_id)
        await audit.record(actor, "account.reset", "account", account_id, now)
    sessions.reader.forget(account_id)
    return link


async def sign_in_state(account_id: int) -> tuple[str, datetime | None, bool]:
    """(login, locked until, whether the person has enrolled), also of a disabled account."""
    stored = await credential_store.of_anybody(account_id)
    if stored is None:
        return "", None, False
    enrolled = stored.password_hash is not None or stored.pin_hash is not None
    return stored.login or "", stored.attempts.locked_until, enrolled


async def find_accounts(
    *, name: str, role: Role | None, limit: int, offset: int
) -> tuple[list[Account], int]:
    """One page of accounts by id, and how many there are in all."""
    return await store.find_accounts(name=name, role=role, limit=limit, offset=offset)


async def _keep_an_administrator() -> None:
    """Raises Conflict when no administrator is left. The caller has locked the role, so that two
    administrators cannot disable each other at the same time."""
    if not await store.accounts_with_role(Role.ADMINISTRATOR):
        raise Conflict("last_administrator", _("至少要保留一位能登录的系统管理员"))
