"""What this package's controllers share."""

from collections.abc import Mapping
from typing import Any

from litestar.datastructures import UploadFile
from litestar.response import Redirect, Template

from core.problems import Problem
from core.web.pages import AnyRequest, page, wants_page


async def uploaded(form: Mapping[str, Any], field: str) -> tuple[str, bytes]:
    """The name and bytes of an uploaded file; ("", b"") when none was chosen."""
    file = form.get(field)
    if not isinstance(file, UploadFile):
        return "", b""
    name = "".join(c for c in file.filename or "" if c.isprintable())[-200:]
    return name, await file.read()


async def typed_form(request: AnyRequest) -> dict[str, Any]:
    """The fields of a posted form, files among them."""
    return dict(await request.form())


def again(
    request: AnyRequest, name: str, problem: Problem, typed: Mapping[str, Any], **context: Any
) -> Template:
    """The same page once more, with what was typed and every error; a program gets the
    problem itself."""
    if not wants_page(request):
        raise problem
    words = {key: value for key, value in typed.items() if isinstance(value, str)}
    return page(
        request,
        name,
        status=problem.status,
        values=words,
        errors=problem.errors,
        problem=problem,
        **context,
    )


def goto(request: AnyRequest, path: str) -> Redirect:
    """On to another of our pages after a form was taken."""
    root: str = request.app.state.runtime.settings.root_path
    return Redirect(root + path, status_code=303)
