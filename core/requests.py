"""Requests that no page of ours sends: taken apart without a crash, answered with a refusal.

Litestar leaves three gaps, closed here: it keeps every URL-encoded form in a cache (passwords
among them, a thousand bodies of any size), fails on a multipart field that is not text in the
charset it names, and on a CSRF token that is not ASCII.
"""

from typing import Any

from litestar import Request
from litestar._parsers import parse_url_encoded_form_data
from litestar.connection import ASGIConnection
from litestar.datastructures import FormMultiDict
from litestar.enums import RequestEncodingType
from litestar.exceptions import ClientException
from litestar.handlers import BaseRouteHandler
from litestar.middleware.csrf import CSRFMiddleware
from litestar.types import Empty

from core.i18n import _
from core.problems import NotFound

# Every key of the database is at least this narrow.
LARGEST_ID = 2**31 - 1
_LONGEST_NAME = 200
_parse_uncached = parse_url_encoded_form_data.__wrapped__


class FormRequest(Request[Any, Any, Any]):
    """A request whose form is read once, kept nowhere else, and refused when it is not text."""

    async def form(self) -> FormMultiDict:
        """Raises ClientException for a form that cannot be taken apart."""
        state = self._connection_state
        if state.form is Empty and self.content_type[0] == RequestEncodingType.URL_ENCODED:
            state.form = {**_parse_uncached(await self.body())}
        try:
            return await super().form()
        except (UnicodeError, LookupError) as error:
            raise ClientException("a field is no text in its charset") from error


class CsrfCheck(CSRFMiddleware):
    """Litestar's check, with tokens that are no plain text refused before it compares them."""

    def _decode_csrf_token(self, token: object) -> str | None:
        if not isinstance(token, str) or not token.isascii():
            return None
        return super()._decode_csrf_token(token)


def refuse_impossible_names(
    connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler
) -> None:
    """A guard: what stands in an address must be able to name something.

    A number beyond every key and a text with control characters would reach the database
    only to be refused there as an error. Raises NotFound.
    """
    for value in connection.path_params.values():
        if isinstance(value, int):
            possible = 0 <= value <= LARGEST_ID
        else:
            possible = len(str(value)) <= _LONGEST_NAME and str(value).isprintable()
        if not possible:
            raise NotFound("no_such_page", _("没有这个页面"))
