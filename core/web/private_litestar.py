"""The parts of Litestar that it does not promise to keep, used here and nowhere else.

Its form parser keeps every URL-encoded form in a cache, its requests keep what was read of them
in a state of its own, and its CSRF check fails on a token that is not ASCII: each is closed
here, by the part itself. `tests/core/test_private_parts.py` checks the shape that is relied on.
"""

from collections.abc import Callable
from typing import Any

from litestar._parsers import parse_url_encoded_form_data
from litestar.config.csrf import CSRFConfig
from litestar.middleware.csrf import CSRFMiddleware
from litestar.types import ASGIApp, Empty, Scope
from litestar.utils.scope.state import ScopeState

from core.web.csrf import is_own_token

parse_form = parse_url_encoded_form_data.__wrapped__
"""The parser of URL-encoded forms without its cache, which would keep passwords."""


def form_read(scope: Scope) -> Any | None:
    """The form that was read of this request; None if none was."""
    form = ScopeState.from_scope(scope).form
    return None if form is Empty else form


def keep_form(scope: Scope, form: dict[str, Any]) -> None:
    """Let Litestar take this as the request's form, instead of reading it itself."""
    ScopeState.from_scope(scope).form = form


def cookies_once(scope: Scope, read: Callable[[], dict[str, str]]) -> dict[str, str]:
    """The cookies of this request, read by `read` instead of Litestar the first time."""
    state = ScopeState.from_scope(scope)
    if state.cookies is Empty:
        state.cookies = read()
    return state.cookies


class TokenCheck(CSRFMiddleware):
    """Litestar's check, whose tokens are compared by our own function."""

    def __init__(self, app: ASGIApp, config: CSRFConfig) -> None:
        super().__init__(app, config)
        self._secret = config.secret.encode()

    def _csrf_tokens_match(self, request_csrf_token: object, cookie_csrf_token: str) -> bool:
        return is_own_token(self._secret, request_csrf_token, cookie_csrf_token)
