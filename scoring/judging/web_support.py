"""What judges, hosts and organisers send, a plain form or one JSON object, and how they are
answered."""

import json
from collections.abc import Mapping
from typing import Any

from litestar import Response
from litestar.exceptions import ClientException
from litestar.response import Redirect, Template

from core.exact import exact_text
from core.i18n import _
from core.problems import Problem
from core.runtime import Runtime
from core.web.forms import FormReader
from core.web.pages import AnyRequest, page, wants_page

LONGEST_REASON = 500


async def read_fields(request: AnyRequest) -> dict[str, str]:
    """The fields of a form, or the members of a JSON object as the text they were written in.

    Numbers stay exactly as sent: 9.10 is "9.10", never a float. The CSRF token is left out.
    """
    if "json" in request.content_type[0]:
        return _json_fields(await request.body())
    form = await request.form()
    return {
        name: value
        for name, value in form.items()
        if isinstance(value, str) and name != "_csrf_token"
    }


def _json_fields(body: bytes) -> dict[str, str]:
    return {name: _text(value) for name, value in _json_object(body).items()}


def _json_object(body: bytes) -> dict[str, Any]:
    """Numbers as the text they were written in."""
    try:
        plain = json.loads(body or b"{}", parse_float=str, parse_int=str)
        json.dumps(plain, ensure_ascii=False).encode()  # a lone surrogate is no text
    except (ValueError, RecursionError) as error:
        raise ClientException(detail="not JSON") from error
    if not isinstance(plain, dict):
        raise ClientException(detail="not a JSON object")
    return plain


def _text(value: object) -> str:
    """null takes a mark back, as an empty field does; a list or object is no number."""
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


async def read_codes(request: AnyRequest, field: str) -> list[str]:
    """Every value of a repeated form field or a JSON list; in one text, split at spaces."""
    if "json" in request.content_type[0]:
        given = _json_object(await request.body()).get(field, [])
        return [str(one) for one in given] if isinstance(given, list) else str(given).split()
    form = await request.form()
    values = [one for one in form.getall(field, []) if isinstance(one, str)]
    return [word for one in values for word in one.replace("，", " ").replace(",", " ").split()]


def read_reason(fields: Mapping[str, str], *, name: str = "reason") -> str:
    """The reason that an act needs. Raises Invalid when it is missing or too long."""
    form = FormReader(fields)
    reason = form.text(name, _("理由"), longest=LONGEST_REASON)
    form.finish()
    return reason


def answer(
    request: AnyRequest,
    runtime: Runtime,
    path: str,
    document: Mapping[str, Any] | None = None,
) -> Response[Any]:
    """After a successful POST: people are led on to `path`, programs get the document."""
    if wants_page(request):
        return Redirect(runtime.settings.root_path + path, status_code=303)
    return Response(dict(document or {"ok": True}), status_code=200)


def judging_page(
    request: AnyRequest, name: str, *, problem: Problem | None = None, **context: Any
) -> Template:
    """The page `pages/<name>` with the errors of `problem` and its status, 200 without one.

    Templates write exact numbers as `{{ exact(value) }}`.
    """
    return page(
        request,
        name,
        status=problem.status if problem else 200,
        errors=problem.errors if problem else (),
        exact=exact_text,
        **context,
    )
