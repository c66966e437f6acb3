"""Appointed people who have enrolled, with what they sign in with."""

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp

from accounts.administration.service import NewPerson, appoint
from accounts.people.rules import Role
from accounts.sessions.rules import SignedIn
from accounts.sign_in.staff import enrolment
from core.audit import SYSTEM
from core.runtime import Runtime

PASSWORD = "six wild geese over the river"
PIN = "258036"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Staff:
    account_id: int
    login: str
    secret: str

    def code(self, now: datetime) -> str:
        """What the person's authenticator shows at that moment."""
        return pyotp.TOTP(self.secret).at(now)


async def appointed(now: datetime, *roles: Role, township: str = "") -> tuple[int, str, str]:
    """Somebody who has not enrolled yet: account, login, the token of their link."""
    login = "" if set(roles) == {Role.JUDGE} else f"person{next(_numbers)}"
    person = NewPerson("王一", frozenset(roles), login, township, None)
    account_id, link = await appoint(person, SYSTEM, now)
    return account_id, login, link.removeprefix("/enrol/")


async def enrolled_staff(runtime: Runtime, *roles: Role) -> Staff:
    """Enrolled a minute ago, so that the present code of the authenticator is unused."""
    now = runtime.clock.now() - timedelta(minutes=1)
    account_id, login, token = await appointed(now, *(roles or (Role.ORGANISER,)))
    offered = await enrolment.find_enrolment(token, runtime.keys, now)
    staff = Staff(account_id, login, offered.totp_secret)
    await enrolment.enrol_staff(token, PASSWORD, PASSWORD, staff.code(now), runtime.keys, now)
    return staff


async def enrolled_judge(runtime: Runtime) -> tuple[SignedIn, str]:
    """A judge's first session and the content of their tablet's cookie."""
    now = runtime.clock.now()
    _account_id, _login, token = await appointed(now, Role.JUDGE)
    return await enrolment.enrol_judge(token, PIN, PIN, runtime.keys, now)
