"""Adding accounts and looking them up."""

from collections.abc import Collection
from datetime import datetime

from accounts.people import store
from accounts.people.rules import Account, Role, roles_problem
from accounts.people.store import SealedNumber
from core import audit
from core.audit import Actor
from core.crypto import KeyRing
from core.database import db
from core.i18n import _
from core.problems import FieldError, Invalid, NotFound


def seal_phone(keys: KeyRing, phone: str) -> SealedNumber:
    """`phone` is the eleven digits of a mainland number."""
    return SealedNumber(keys.seal("account.phone", phone), keys.blind("phone", phone))


async def create_account(
    name: str,
    roles: Collection[Role],
    *,
    phone: SealedNumber | None = None,
    township: str = "",
    contest_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """A new account's id. Raises Invalid for roles that one account may not hold together."""
    wanted = frozenset(roles)
    if problem := roles_problem(wanted):
        raise Invalid("roles_not_possible", problem, errors=[FieldError("roles", problem)])
    async with db.unit_of_work():
        account_id = await store.insert_account(
            name, wanted, township=township, contest_id=contest_id, phone=phone, now=now
        )
        await audit.record(
            actor, "account.created", "account", account_id, now, {"roles": sorted(wanted)}
        )
    return account_id


async def get_account(account_id: int) -> Account:
    """Raises NotFound."""
    account = await store.account_by_id(account_id)
    if account is None:
        raise NotFound("no_such_account", _("没有这个账号"))
    return account


async def accounts_with_role(role: Role) -> list[Account]:
    """Those who may act in the role now, by name."""
    return await store.accounts_with_role(role)


async def names(ids: Collection[int]) -> dict[int, str]:
    """The names of accounts, for lists that hold only ids."""
    return await store.names(ids)


async def first_seen(ids: Collection[int]) -> dict[int, datetime]:
    """When accounts were made, of those that exist."""
    return await store.first_seen(ids)
