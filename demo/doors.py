"""The demo's sign-in links, the messages that were sent, and the rehearsal clock.

They are routed only when `settings.demo` is on, which settings allow on loopback addresses
alone; the links that sign in also check the address of the client.
"""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from accounts.people.directory import get_account
from accounts.sessions import service as sessions
from accounts.sessions.guard import Open, Right
from accounts.sessions.rules import SignedIn
from accounts.sessions.service import carry_over
from accounts.sessions.web_support import end_current_session, session_redirect
from accounts.sign_in.sms.senders import kept_messages
from core.clock import RehearsalClock
from core.database import db
from core.i18n import _
from core.mobile import mainland_mobile
from core.problems import Conflict, NotAllowed
from core.runtime import Runtime
from core.settings import LOOPBACK
from core.web.forms import FormReader
from core.web.pages import AnyRequest, page, wants_page
from demo.people import PEOPLE, demo_account


def _refuse_strangers(request: AnyRequest, runtime: Runtime) -> None:
    """Refuse every client but this machine, whatever the settings say.

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
    account = await get_account(account_id)
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
    asked = str(typed.get("phone", ""))
    messages = await kept_messages(runtime.keys, phone=mainland_mobile(asked) or asked)
    if not wants_page(request):
        return Response(messages)
    return page(request, "accounts/sign_in/outbox.html", messages=messages, typed=typed)


@post("/demo/clock", status_code=200)
async def step_clock(request: AnyRequest, runtime: NamedDependency[Runtime]) -> dict[str, datetime]:
    """Set the rehearsal clock forward: form field or JSON key `to`, an ISO moment.

    Answers {"now": …}. Going back is a 409: what is recorded would lie in the future.
    """
    typed = await request.json() if "json" in request.content_type[0] else await request.form()
    form = FormReader(dict(typed))
    moment = form.moment("to", _("时间"))
    form.finish()
    clock = runtime.clock
    assert isinstance(clock, RehearsalClock), "demo mode always has a rehearsal clock"
    before = clock.now()
    try:
        clock.advance_to(moment)
    except ValueError as error:
        raise Conflict("clock_goes_back", _("演练时钟只能向前拨")) from error
    await carry_over(clock.now() - before)
    return {"now": clock.now()}


@get("/demo/clock")
async def clock_now(now: NamedDependency[datetime]) -> dict[str, datetime]:
    return {"now": now}


HANDLERS: tuple[ControllerRouterHandler, ...] = (demo_sign_in, outbox_page, clock_now, step_clock)
ACCESS: dict[str, Right] = {
    "GET /demo/clock": Open.EVERYONE,
    "POST /demo/clock": Open.EVERYONE,
    "GET /demo/outbox": Open.EVERYONE,
    "GET /demo/sign-in/{who:str}": Open.EVERYONE,
}
