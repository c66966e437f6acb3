"""A faster answer to `GET /c/{slug}/board.json`, given before the request reaches the framework.

Every phone asks for the board every few seconds, and a hall has hundreds of them; the framework's
layers cost several times what sending the bytes does. This layer answers with the same bytes and
headers as the handler in `live.boards.web`, for a contest that is public and has a board. It passes
everything else on to that handler, so that removing this layer changes no answer.
"""

import re

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from accounts.sessions.guard import Right, may
from core.settings import Settings
from core.web.edge import header, program_headers
from core.web.short_answer import Head, answer
from live.boards.frames import Frame
from live.boards.hub import Hub

REVALIDATE = "public, no-cache"
"""Caches may keep a board, but must ask each time whether it is still the newest."""

ROUTE = "GET /c/{slug:str}/board.json"
_PATH = re.compile(r"/c/([a-z0-9-]{1,60})/board\.json/?")
_VARY = (b"vary", b"Accept-Encoding")


class BoardFastPath:
    """The ASGI layer. `right` is the route's row of the access table, which must let everyone in:
    this layer asks nobody who they are."""

    def __init__(self, app: ASGIApp, hub: Hub, settings: Settings, right: Right) -> None:
        assert may(None, right), "a board is for everyone"
        self.app = app
        self._hub = hub
        always = [
            *(one for one in program_headers(settings) if one[0] != b"cache-control"),
            (b"cache-control", REVALIDATE.encode()),
            _VARY,
        ]
        self._whole, self._unchanged = Head(200, always), Head(304, always)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = None
        if scope["type"] == ScopeType.HTTP and scope["method"] == "GET":
            found = _PATH.fullmatch(scope["path"])
        newest = await self._newest(found[1]) if found else None
        if newest is None:
            await self.app(scope, receive, send)
            return
        headers = [(b"etag", newest.etag.encode())]
        if newest.etag in header(scope, b"if-none-match"):
            await answer(scope, send, self._unchanged, headers, b"")
            return
        body = newest.body
        if "gzip" in header(scope, b"accept-encoding"):
            body = newest.gzipped
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-type", b"application/json"))
        await answer(scope, send, self._whole, headers, body)

    async def _newest(self, slug: str) -> Frame | None:
        """None where the handler must answer, a failing database included."""
        try:
            return await self._hub.newest(await self._hub.board_of(slug))
        except Exception:
            return None
