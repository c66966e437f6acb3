"""Malformed requests, which no page of ours sends: refused without an internal error.

Litestar leaves four gaps, closed here: it keeps every URL-encoded form in a cache (passwords
among them, a thousand bodies of any size), fails on a multipart field that is not text in the
charset it names, and on a CSRF token that is not ASCII, and it leaves uploaded files open
when a request is refused before its handler.
"""

from typing import Any

from litestar._parsers import parse_url_encoded_form_data
from litestar.connection import ASGIConnection
from litestar.datastructures import FormMultiDict
from litestar.enums import RequestEncodingType
from litestar.exceptions import ClientException
from litestar.handlers import BaseRouteHandler
from litestar.middleware.csrf import CSRFMiddleware
from litestar.types import Empty, Receive, Scope, Send
from litestar.utils.scope.state import ScopeState

from core.i18n import _
from core.problems import NotFound
from core.web.multipart import read_multipart
from core.web.pages import AnyRequest

# Every key of the database is at least this narrow.
LARGEST_ID = 2**31 - 1
_LONGEST_NAME = 200
_parse_uncached = parse_url_encoded_form_data.__wrapped__


class FormRequest(AnyRequest):
    """A request whose form is read once, kept nowhere else, and refused when it is not text."""

    async def form(self) -> FormMultiDict:
        """Raises ClientException for a form that cannot be taken apart."""
        state = self._connection_state
        kind, options = self.content_type
        if state.form is Empty and kind == RequestEncodingType.URL_ENCODED:
            try:
                state.form = {**_parse_uncached(await self.body())}
            except (UnicodeError, LookupError) as error:
                raise ClientException("a field is no text in its charset") from error
        elif state.form is Empty and kind == RequestEncodingType.MULTI_PART:
            boundary = options.get("boundary", "")
            if not boundary.isascii() or not boundary:
                raise ClientException("a multipart form without its boundary")
            state.form = await read_multipart(
                self.stream(), boundary.encode(), most_parts=self.app.multipart_form_part_limit
            )
        return await super().form()


class CsrfCheck(CSRFMiddleware):
    """Litestar's check, with tokens that are no plain text refused before it compares them.

    It is the first to read a form, so it also sees to it that no file of one stays open:
    Litestar closes them only after a handler has run, and a request may be refused earlier.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            form = ScopeState.from_scope(scope).form
            if form is not Empty:
                await FormMultiDict.from_form_data(form).close()

    def _decode_csrf_token(self, token: object) -> str | None:
        if not isinstance(token, str) or not token.isascii():
            return None
        return super()._decode_csrf_token(token)


async def refuse_impossible_names(
    connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler
) -> None:
    """A guard: what stands in an address must be able to name something.

    A number beyond every key and a text with control characters would reach the database
    only to be refused there as an error. It awaits nothing, but Litestar would run a plain
    function in a thread, which costs more than a signed-out page. Raises NotFound.
    """
    for value in connection.path_params.values():
        if isinstance(value, int):
            possible = 0 <= value <= LARGEST_ID
        else:
            possible = len(str(value)) <= _LONGEST_NAME and str(value).isprintable()
        if not possible:
            raise NotFound("no_such_page", _("没有这个页面"))
