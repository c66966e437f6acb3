"""Demo accounts of every role, and the open doors to them.

Nothing here is routed unless `settings.demo` is on, which settings allow on loopback alone;
each door asks again who knocks.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from accounts.people import store
from accounts.people.directory import create_account, names, seal_phone
from accounts.people.rules import Role
from accounts.sessions import service as sessions
from accounts.sign_in import credential_store, hashing, outbox
from accounts.sign_in.sms import SignedIn
from accounts.web_support import end_current_session, session_redirect
from core.audit import SYSTEM, Actor
from core.database import db
from core.i18n import _
from core.problems import NotAllowed, NotFound
from core.runtime import Runtime
from core.settings import LOOPBACK
from core.web.pages import AnyRequest, page, wants_page


@dataclass(frozen=True)
class DemoPerson:
    """`who` names the door /demo/sign-in/{who}; `home` is where it leads."""

    who: str
    name: str
    role: Role
    home: str
    township: str = ""


JUDGES = 7
# What every demo judge signs their sheet with.
PIN = "258036"
PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson("organiser", _("演示·主办方"), Role.ORGANISER, "/organiser"),
    DemoPerson("organiser2", _("演示·主办方二"), Role.ORGANISER, "/organiser"),
    DemoPerson("host", _("演示·主持人"), Role.HOST, "/host"),
    *(
        DemoPerson(f"judge{n}", _("演示·评委%(n)s") % {"n": n}, Role.JUDGE, "/judge")
        for n in range(1, JUDGES + 1)
    ),
    DemoPerson("township", _("演示·乡镇"), Role.TOWNSHIP_OFFICER, "/township", "同江镇"),
    DemoPerson("department", _("演示·部门"), Role.DEPARTMENT_OFFICER, "/department"),
    DemoPerson("finance", _("演示·财务"), Role.FINANCE, "/me"),
    DemoPerson("auditor", _("演示·审计"), Role.AUDITOR, "/audit"),
    DemoPerson("administrator", _("演示·管理员"), Role.ADMINISTRATOR, "/admin/accounts"),
    DemoPerson("voter", _("演示·投票人"), Role.VOTER, "/"),
    DemoPerson("creator", _("演示·创作者"), Role.CREATOR, "/me"),
)


async def seed(runtime: Runtime) -> None:
    """The demo people, once; a demo login "demo.who" marks who is already there."""
    now = runtime.clock.now()
    pin_hash = await hashing.hashed(PIN)
    for number, person in enumerate(PEOPLE):
        if await credential_store.by_login(_login(person)) is not None:
            continue
        account_id = await create_account(
            person.name,
            [person.role],
            phone=seal_phone(runtime.keys, f"1380000{number:04d}"),
            township=person.township,
            actor=SYSTEM,
            now=now,
        )
        await credential_store.set_login(account_id, _login(person))
        if person.role is Role.JUDGE:
            # no tablet has this device: demo judges come in by their open door
            nowhere = sessions.digest(secrets.token_urlsafe())
            await credential_store.set_judge_secrets(
                account_id, pin_hash=pin_hash, device_digest=nowhere
            )


async def demo_account(who: str) -> int:
    """The account id of a demo person. Raises NotFound."""
    stored = await credential_store.by_login(f"demo.{who}")
    if stored is None:
        raise NotFound("no_such_demo_person", _("没有这个演示账号"))
    return stored.account_id


async def demo_actor(who: str) -> Actor:
    """A demo person as the one who acts. Raises NotFound."""
    account_id = await demo_account(who)
    return Actor(account_id, (await names([account_id]))[account_id])


def _login(person: DemoPerson) -> str:
    return f"demo.{person.who}"


def _refuse_strangers(request: AnyRequest, runtime: Runtime) -> None:
    """An open door answers this machine only, whatever the settings say.

    The connection itself must be local, not a forwarded address: in a rehearsal those
    name other networks.
    """
    client = request.scope.get("client")
    peer = client[0] if client else ""
    if not runtime.settings.demo or peer not in LOOPBACK:
        raise NotAllowed("demo_only_here", _("演示登录只在本机的演示模式下开放"))


@get("/demo/sign-in/{who:str}")
async def demo_sign_in(
    request: AnyRequest,
    who: FromPath[str],
    runtime: NamedDependency[Runtime],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Signs in as a demo person and leads to their home, or to `next`."""
    _refuse_strangers(request, runtime)
    account_id = await demo_account(who)
    account = await store.account_by_id(account_id)
    assert account is not None, "the credential just found refers to it"
    home = next(person.home for person in PEOPLE if person.who == who)
    await end_current_session(request)
    async with db.unit_of_work():
        token = await sessions.open_session(account_id, account.roles, now)
    signed_in = SignedIn(account_id, token, account.roles)
    return session_redirect(request, signed_in, request.query_params.get("next") or home)


@get("/demo/outbox")
async def outbox_page(request: AnyRequest, runtime: NamedDependency[Runtime]) -> Response[Any]:
    """Query: `phone`. The newest first; programs get [{"phone", "code", "sent_at"}]."""
    _refuse_strangers(request, runtime)
    typed = dict(request.query_params)
    messages = await outbox.latest(runtime.keys, phone=str(typed.get("phone", "")))
    if not wants_page(request):
        return Response(messages)
    return page(request, "accounts/sign_in/outbox.html", messages=messages, typed=typed)


demo_routes = Router("/", route_handlers=[demo_sign_in, outbox_page], include_in_schema=False)
