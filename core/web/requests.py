"""Malformed requests, which no page of ours sends: refused without an internal error.

Litestar leaves four gaps, closed here: it keeps every URL-encoded form in a cache (passwords
among them, a thousand bodies of any size), fails on a multipart field that is not text in the
charset it names, and on a CSRF token that is not ASCII, and it leaves uploaded files open
when a request is refused before its handler.
"""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.datastructures import FormMultiDict
from litestar.enums import RequestEncodingType
from litestar.exceptions import ClientException
from litestar.handlers import BaseRouteHandler
from litestar.types import Receive, Scope, Send

from core.i18n import _
from core.problems import NotFound
from core.web.cookies import read_cookies
from core.web.edge import header
from core.web.multipart import read_multipart
from core.web.pages import AnyRequest
from core.web.private_litestar import TokenCheck, cookies_once, form_read, keep_form, parse_form

# Every key of the database is at least this narrow.
LARGEST_ID = 2**31 - 1
_LONGEST_NAME = 200


class FormRequest(AnyRequest):
    """A request whose form is read once, kept nowhere else, and refused when it is not text.
    Its cookies are read as those of the session are."""

    @property
    def cookies(self) -> dict[str, str]:
        return cookies_once(self.scope, lambda: read_cookies(header(self.scope, b"cookie")))

    async def form(self) -> FormMultiDict:
        """Raises ClientException for a form that cannot be taken apart."""
        kind, options = self.content_type
        unread = form_read(self.scope) is None
        if unread and kind == RequestEncodingType.URL_ENCODED:
            try:
                keep_form(self.scope, {**parse_form(await self.body())})
            except (UnicodeError, LookupError) as error:
                raise ClientException("a field is no text in its charset") from error
        elif unread and kind == RequestEncodingType.MULTI_PART:
            boundary = options.get("boundary", "")
            if not boundary.isascii() or not boundary:
                raise ClientException("a multipart form without its boundary")
            form = await read_multipart(
                self.stream(), boundary.encode(), most_parts=self.app.multipart_form_part_limit
            )
            keep_form(self.scope, form)
        return await super().form()


class CsrfCheck(TokenCheck):
    """The check of a form's token, or of a script's.

    It is the first to read a form, so it also sees to it that no file of one stays open:
    Litestar closes them only after a handler has run, and a request may be refused earlier.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            form = form_read(scope)
            if form is not None:
                await FormMultiDict.from_form_data(form).close()


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
