"""The outermost ASGI layers: the site's prefix, security headers, the Origin check."""

import secrets
from urllib.parse import urlsplit

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from core.settings import Settings

_UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_POLICY = (
    b"default-src 'none'; script-src 'self' 'nonce-NONCE'; style-src 'self' 'nonce-NONCE'; "
    b"img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    b"manifest-src 'self'; media-src 'self'; worker-src 'self'; base-uri 'none'; "
    b"frame-ancestors 'none'"
)
_KEPT_BY_THEIR_OWN_RULE = frozenset({b"cache-control", b"etag"})
_NO_STORE = (b"cache-control", b"no-store")
_REVALIDATE = (b"cache-control", b"private, no-cache")
_CONSTANT_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), geolocation=(), microphone=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


def header(scope: Scope, name: bytes) -> str:
    for key, value in scope.get("headers", ()):
        if key == name:
            return value.decode("latin-1")
    return ""


def header_lines(scope: Scope, name: bytes) -> str:
    """All lines of a header as one, in their order, as RFC 9110 lets them be joined."""
    return ",".join(v.decode("latin-1") for k, v in scope.get("headers", []) if k == name)


class RootPath:
    """Serve under `settings.root_path`, whether or not the proxy strips the prefix."""

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self.app = app
        self.root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.root_path and "path" in scope:
            path = scope["path"]
            if path == self.root_path or path.startswith(self.root_path + "/"):
                scope["path"] = path[len(self.root_path) :] or "/"
                scope["raw_path"] = scope["path"].encode()
        await self.app(scope, receive, send)


class SecurityHeaders:
    """Strict CSP with a nonce for each answer, and the other headers a browser heeds.

    What says nothing of caches itself is kept by none that others share, and by no browser
    while somebody is signed in: the next person at a village's computer may press Back.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.constant = list(_CONSTANT_HEADERS)
        if settings.secure_cookies:
            self.constant.append((b"strict-transport-security", b"max-age=31536000"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["csp_nonce"] = nonce
        added = [(b"content-security-policy", _POLICY.replace(b"NONCE", nonce.encode()))]
        added += self.constant

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message["headers"], *added]
                named = {name for name, _value in message["headers"]}
                if not named & _KEPT_BY_THEIR_OWN_RULE:
                    # every page holds a form's token, and a signed-in person's more than that
                    headers.append(_NO_STORE if scope.get("user") else _REVALIDATE)
                message["headers"] = headers
            await send(message)

        await self.app(scope, receive, send_with_headers)


class SameOrigin:
    """Refuse a state-changing request or a socket that another site's page opened.

    Litestar checks no Origin; SameSite cookies do not stop sibling subdomains, of which
    a city has many. A missing Origin is let through: programs send none, and browsers
    always send it on sockets and on unsafe methods.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.public = urlsplit(settings.public_url).netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        socket = scope["type"] == ScopeType.WEBSOCKET
        if not socket and scope.get("method") not in _UNSAFE:
            await self.app(scope, receive, send)
            return
        origin = header(scope, b"origin")
        if origin and _host_of(origin) not in {header(scope, b"host"), self.public} - {""}:
            await (_close(receive, send) if socket else _forbid(send))
            return
        await self.app(scope, receive, send)


def _host_of(origin: str) -> str:
    """Host and port; "" for "null" and for what is no origin."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


async def _close(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 1008, "reason": "origin"})


async def _forbid(send: Send) -> None:
    body = '{"status":403,"code":"foreign_origin","title":"请求来自别的网站，已拒绝"}'.encode()
    await send(
        {
            "type": "http.response.start",
            "status": 403,
            "headers": [
                (b"content-type", b"application/problem+json"),
                (b"content-length", str(len(body)).encode()),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body, "more_body": False})
