"""Who is behind a request: sets `request.user` to a Principal or None."""

import re
from functools import cache

from litestar.types import ASGIApp, Receive, Scope, Send

from accounts.sessions import reader
from core.edge import header

SESSION_COOKIE = "sid"
DEVICE_COOKIE = "device"
_LONGEST_TOKEN = 64


class SessionMiddleware:
    """Runs before CSRF checks and guards, for pages and sockets alike."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["user"] = None
        cookies = header(scope, b"cookie")
        if cookies and (token := cookie(cookies, SESSION_COOKIE)):
            now = scope["litestar_app"].state.runtime.clock.now()
            scope["user"] = await reader.principal(token, cookie(cookies, DEVICE_COOKIE), now)
        await self.app(scope, receive, send)


def cookie(cookies: str, name: str, longest: int = _LONGEST_TOKEN) -> str:
    """One cookie's value; "" when absent or longer than `longest`."""
    found = _pattern(name).search(cookies)
    value = found[1].strip() if found else ""
    return value if len(value) <= longest else ""


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|;)\s*{re.escape(name)}=([^;]*)")
