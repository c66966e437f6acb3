"""What a posted form brings, and where its answer leads."""

from collections.abc import Mapping
from typing import Any

from litestar.datastructures import UploadFile
from litestar.response import Redirect

from core.web.pages import AnyRequest


async def typed_form(request: AnyRequest) -> dict[str, Any]:
    """The fields of a posted form, files among them."""
    return dict(await request.form())


async def uploaded(typed: Mapping[str, Any], field: str) -> tuple[str, bytes]:
    """The name and bytes of an uploaded file; ("", b"") when none was chosen."""
    file = typed.get(field)
    if not isinstance(file, UploadFile):
        return "", b""
    name = "".join(c for c in file.filename or "" if c.isprintable())[-200:]
    return name, await file.read()


def goto(request: AnyRequest, path: str) -> Redirect:
    """On to another of our pages after a form was taken."""
    root: str = request.app.state.runtime.settings.root_path
    return Redirect(root + path, status_code=303)
