"""The outermost ASGI layers: the site's prefix, security headers, the Origin check."""

import secrets
from urllib.parse import urlsplit

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from core.settings import Settings

_UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_POLICY = (
    b"default-src 'none'; script-src 'self'NONCE; style-src 'self'NONCE; "
    b"img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    b"manifest-src 'self'; media-src 'self'; worker-src 'self'; base-uri 'none'; "
    b"frame-ancestors 'none'"
)
_KEPT_BY_THEIR_OWN_RULE = frozenset({b"cache-control", b"etag"})
_NO_STORE = (b"cache-control", b"no-store")
_REVALIDATE = (b"cache-control", b"private, no-cache")
_NO_PAGE = _POLICY.replace(b"NONCE", b"")
_CONSTANT_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), geolocation=(), microphone=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


_STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")


def program_headers(settings: Settings) -> tuple[tuple[bytes, bytes], ...]:
    """What OWASP's REST cheat sheet asks of an answer that programs alone read, and that no
    cache may keep."""
    headers = (
        _NO_STORE,
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
        (b"x-content-type-options", b"nosniff"),
    )
    return (*headers, _STRICT_TRANSPORT) if settings.secure_cookies else headers


def csp_nonce(scope: Scope) -> str:
    """The nonce of this answer's policy, drawn when a page first asks for it: an answer that
    holds no script of its own names none."""
    state = scope.setdefault("state", {})
    if "csp_nonce" not in state:
        state["csp_nonce"] = secrets.token_urlsafe(16)
    return str(state["csp_nonce"])


def header(scope: Scope, name: bytes) -> str:
    for key, value in scope.get("headers", ()):
        if key == name:
            return value.decode("latin-1")
    return ""


def header_lines(scope: Scope, name: bytes) -> str:
    """All lines of a header as one, in their order, as RFC 9110 lets them be joined."""
    lines = [v.decode("latin-1") for k, v in scope.get("headers", []) if k == name]
    return lines[0] if len(lines) == 1 else ",".join(lines)


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
    """Strict CSP with a nonce for each page, and the other headers a browser heeds.

    An answer without a caching header of its own is kept by no shared cache, and by no browser
    while somebody is signed in: the next person at a shared computer may press Back.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.constant = list(_CONSTANT_HEADERS)
        if settings.secure_cookies:
            self.constant.append(_STRICT_TRANSPORT)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message["headers"], _policy(scope), *self.constant]
                named = {name for name, _value in message["headers"]}
                if not named & _KEPT_BY_THEIR_OWN_RULE:
                    # every page holds a form's token, and a signed-in person's page also personal
                    # data
                    headers.append(_NO_STORE if scope.get("user") else _REVALIDATE)
                message["headers"] = headers
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _policy(scope: Scope) -> tuple[bytes, bytes]:
    nonce = scope.get("state", {}).get("csp_nonce")
    if nonce is None:
        return (b"content-security-policy", _NO_PAGE)
    return (b"content-security-policy", _POLICY.replace(b"NONCE", f" 'nonce-{nonce}'".encode()))


class SameOrigin:
    """Refuse a state-changing request or a socket that another site's page opened.

    Litestar checks no Origin; SameSite cookies do not stop sibling subdomains, of which
    a city has many. A missing Origin is let through: programs send none, and browsers
    always send it on sockets and on unsafe methods.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        socket = scope["type"] == ScopeType.WEBSOCKET
        if not socket and scope.get("method") not in _UNSAFE:
            await self.app(scope, receive, send)
            return
        if is_foreign(header(scope, b"origin"), header(scope, b"host"), self._settings):
            await (_close(receive, send) if socket else _forbid(send))
            return
        await self.app(scope, receive, send)


def is_foreign(origin: str, host: str, settings: Settings) -> bool:
    """Whether another site's page sent a request that changes something: who names no origin is
    a program. The one answer for `SameOrigin` and for the fast path of votes."""
    return bool(origin) and not is_own_origin(origin, host, settings)


def is_own_origin(origin: str, host: str, settings: Settings) -> bool:
    """Whether `origin` is this site, by the Host header or by its public address."""
    return _host_of(origin) in {host, urlsplit(settings.public_url).netloc} - {""}


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
