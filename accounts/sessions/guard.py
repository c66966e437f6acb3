"""Enforces the access table: one guard over every route of the application."""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum, auto
from typing import Any

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.exceptions import WebSocketException
from litestar.handlers import BaseRouteHandler
from litestar.routes import BaseRoute, HTTPRoute, WebSocketRoute

from accounts.people.rules import PUBLIC_ROLES, Principal, Role
from core.i18n import _
from core.problems import NotAllowed, SignInRequired


class Open(Enum):
    """Rights that name no role."""

    EVERYONE = auto()
    SIGNED_IN = auto()


Right = frozenset[Role] | Open

# Close codes of our sockets, from the range that RFC 6455 leaves to applications.
WS_SIGN_IN_REQUIRED = 4401
WS_NOT_ALLOWED = 4403


class AccessTableError(Exception):
    """The table and the routes do not match; the server must not start."""


class AccessGuard:
    """Litestar calls it with every request that found a route, before anything is read."""

    def __init__(self, table: Mapping[str, Right]) -> None:
        self._table = table
        self._rights: dict[tuple[str, str], Right] = {}

    def bind(self, routes: Iterable[BaseRoute]) -> None:
        """Look up every route's row now. Raises AccessTableError naming those without."""
        missing = []
        for key, method, template in route_keys(routes):
            if key in self._table:
                self._rights[method, template] = self._table[key]
            else:
                missing.append(key)
        if missing:
            raise AccessTableError(f"no row in the access table for: {', '.join(missing)}")

    async def __call__(
        self, connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler
    ) -> None:
        scope = connection.scope
        socket = scope["type"] == ScopeType.WEBSOCKET
        method = "WS" if socket else str(scope["method"])  # type: ignore[typeddict-item]
        if method == "OPTIONS":
            return
        right = self._rights[method, scope["path_template"]]
        person: Principal | None = scope["user"]
        if may(person, right):
            return
        if socket:
            raise _socket_refusal(person)
        raise _refusal(person, right)


def route_keys(routes: Iterable[BaseRoute]) -> Iterator[tuple[str, str, str]]:
    """(row's key, method, template that a request's scope will name) of every route.

    OPTIONS tells only which methods exist, and Litestar adds it by itself: no row.
    """
    for route in routes:
        methods: Iterable[str] = ()
        if isinstance(route, HTTPRoute):
            methods = sorted(set(route.methods) - {"OPTIONS"})
        elif isinstance(route, WebSocketRoute):
            methods = ["WS"]
        else:
            raise AccessTableError(f"{route.path} is a mounted application: no row can rule it")
        for method in methods:
            yield f"{method} {route.path}", method, route.path_format


def may(person: Principal | None, right: Right) -> bool:
    """Whether whoever is behind a request has this right; nobody need be, where it is everyone's.
    The one answer for the guard and for the fast paths in front of the framework."""
    if isinstance(right, frozenset):
        return person is not None and person.has(*right)
    return person is not None or right is Open.EVERYONE


def _refusal(person: Principal | None, right: Right) -> NotAllowed | SignInRequired:
    if person is not None:
        return NotAllowed("role_not_allowed", _("您的账号没有使用这一页的权限"))
    if right == frozenset({Role.JUDGE}):
        return SignInRequired("judge_sign_in_required", _("请先在评分平板上登录"))
    if isinstance(right, frozenset) and right.isdisjoint(PUBLIC_ROLES):
        return SignInRequired("staff_sign_in_required", _("请先用工作账号登录"))
    return SignInRequired("sign_in_required", _("请先登录"))


def _socket_refusal(person: Principal | None) -> WebSocketException:
    if person is None:
        return WebSocketException(detail="sign-in required", code=WS_SIGN_IN_REQUIRED)
    return WebSocketException(detail="not allowed", code=WS_NOT_ALLOWED)
