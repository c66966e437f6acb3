"""What the system holds about a person, for that person to see and delete."""

from dataclasses import dataclass
from datetime import datetime

from stdnum.cn import ric

from accounts.people import store
from accounts.people.directory import get_account
from accounts.people.rules import PUBLIC_ROLES, Account
from accounts.people.store import SealedNumber
from accounts.sessions import service as sessions
from accounts.sessions import store as session_store
from accounts.sign_in.sms import store as sms_store
from accounts.sign_in.wechat import store as wechat_store
from core import audit
from core.audit import Actor
from core.crypto import KeyRing
from core.database import db
from core.i18n import _
from core.numbers import masked_phone
from core.problems import Conflict, FieldError, Invalid, NotFound

_PHONE = "account.phone"
_IDENTITY = "account.identity"


@dataclass(frozen=True)
class OwnData:
    """Numbers are masked even for their owner: others may see the screen."""

    account: Account
    phone: str
    identity: str
    consent_version: str
    consented_at: datetime | None
    adult_declared_at: datetime | None
    created_at: datetime
    wechat: bool
    sessions: list[session_store.SessionTimes]

    @property
    def may_erase(self) -> bool:
        """Whether the person may delete their data. Appointed people leave records of office; their
        account is disabled instead."""
        return self.account.roles <= PUBLIC_ROLES


async def own_data(account_id: int, keys: KeyRing, now: datetime) -> OwnData:
    """Raises NotFound."""
    account = await get_account(account_id)
    stored = await store.personal_data(account_id)
    if stored is None:
        raise NotFound("no_such_account", _("没有这个账号"))
    return OwnData(
        account=account,
        phone=masked_phone(keys.unseal(_PHONE, stored.phone_sealed)) if stored.phone_sealed else "",
        identity=masked_identity(keys.unseal(_IDENTITY, stored.identity_sealed))
        if stored.identity_sealed
        else "",
        consent_version=stored.consent_version,
        consented_at=stored.consented_at,
        adult_declared_at=stored.adult_declared_at,
        created_at=stored.created_at,
        wechat=bool(await wechat_store.count_of(account_id)),
        sessions=await session_store.times_of(account_id, now),
    )


async def erase(account_id: int, actor: Actor, now: datetime) -> None:
    """Delete a voter's or creator's personal data and sign them out everywhere.

    Ballots stay: they carry a pseudonym only. Raises NotFound, or Conflict for staff.
    """
    account = await get_account(account_id)
    if not account.roles <= PUBLIC_ROLES:
        raise Conflict("appointed", _("工作账号留有履职记录，请联系管理员停用"))
    nobody = _("已删除")
    async with db.unit_of_work():
        await store.erase_personal_data(account_id, nobody, now)
        await sms_store.delete_codes_of(account_id)
        await wechat_store.delete_all_of(account_id)
        await sessions.delete_all_of(account_id)
        unnamed = Actor(actor.account_id, nobody)
        await audit.record(unnamed, "account.erased", "account", account_id, now)
    sessions.reader.forget(account_id)


async def set_identity(
    account_id: int, typed: str, keys: KeyRing, actor: Actor, now: datetime
) -> None:
    """Keep a creator's identity number, sealed. Raises Invalid."""
    # written with full-width digits or blanks it is still the same number
    number = ric.compact(typed)
    problem = None
    if not ric.is_valid(number):
        problem = _("身份证号码不正确，请核对 18 位号码")
    else:
        sealed = SealedNumber(keys.seal(_IDENTITY, number), keys.blind("identity", number))
        async with db.unit_of_work():
            if await store.set_identity(account_id, sealed):
                await audit.record(actor, "account.identity_set", "account", account_id, now)
            else:
                problem = _("这个身份证号码已登记在另一个账号上，请拨打咨询电话")
    if problem:
        raise Invalid("identity_refused", problem, errors=[FieldError("identity", problem)])


async def erase_identity(account_id: int, actor: Actor, now: datetime) -> None:
    async with db.unit_of_work():
        await store.set_identity(account_id, None)
        await audit.record(actor, "account.identity_erased", "account", account_id, now)


def masked_identity(number: str) -> str:
    """230881********1234"""
    return number[:6] + "*" * 8 + number[-4:]
