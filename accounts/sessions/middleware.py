"""Who is behind a request: sets `request.user` to a Principal or None."""

from collections.abc import Mapping
from datetime import datetime

from litestar.types import ASGIApp, Receive, Scope, Send

from accounts.people.rules import Principal
from accounts.sessions.service import reader
from core.web.cookies import read_cookies
from core.web.edge import header

SESSION_COOKIE = "sid"
DEVICE_COOKIE = "device"


class SessionMiddleware:
    """Runs before CSRF checks and guards, for pages and sockets alike."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        cookies = read_cookies(header(scope, b"cookie"))
        now = scope["litestar_app"].state.runtime.clock.now()
        scope["user"] = None
        scope["user"] = await person_behind(cookies, now)
        await self.app(scope, receive, send)


async def person_behind(cookies: Mapping[str, str], now: datetime) -> Principal | None:
    """Who is signed in by these cookies, or None."""
    token = cookies.get(SESSION_COOKIE)
    return await reader.principal(token, cookies.get(DEVICE_COOKIE, ""), now) if token else None
