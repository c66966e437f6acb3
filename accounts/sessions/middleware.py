"""Who is behind a request: sets `request.user` to a Principal or None."""

from litestar.types import ASGIApp, Receive, Scope, Send

from accounts.sessions.service import reader
from core.web.edge import header

SESSION_COOKIE = "sid"
DEVICE_COOKIE = "device"
_LONGEST_VALUE = 512


class SessionMiddleware:
    """Runs before CSRF checks and guards, for pages and sockets alike."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["user"] = None
        cookies = read_cookies(header(scope, b"cookie"))
        if token := cookies.get(SESSION_COOKIE):
            now = scope["litestar_app"].state.runtime.clock.now()
            device = cookies.get(DEVICE_COOKIE, "")
            scope["user"] = await reader.principal(token, device, now)
        await self.app(scope, receive, send)


def read_cookies(sent: str) -> dict[str, str]:
    """What a browser sent, by name; of several with one name the first, as RFC 6265 puts the
    most specific there. What is longer than anything that we set is as good as absent."""
    pairs = [one.partition("=") for one in sent.split(";")]
    return {
        name.strip(): value.strip()
        for name, equals, value in reversed(pairs)
        if equals and len(value) <= _LONGEST_VALUE
    }
