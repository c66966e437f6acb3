"""Parts in kind: the list by due day, one part, arranging it, saying that it is done."""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import File, Template

from core.audit import Actor
from core.beijing import beijing_day
from core.i18n import _
from core.problems import Conflict, Invalid, NotFound
from core.runtime import Runtime
from core.web.forms import FormReader
from core.web.openapi import takes
from core.web.pages import AnyRequest, page
from core.web.posted import goto, typed_form, uploaded
from fund.in_kind import service
from fund.in_kind.forms import read_arrangement, read_done
from fund.in_kind.rules import KINDS
from fund.web_support import again

_PAGE = "fund/in_kind/part.html"


@get("/fund/in-kind")
async def parts_page(request: AnyRequest, now: NamedDependency[datetime]) -> Template:
    """What is owed in kind, what is overdue marked, what is done last."""
    return page(
        request,
        "fund/in_kind/parts.html",
        parts=await service.parts(),
        kinds=KINDS,
        today=beijing_day(now),
    )


async def _context(number: int, now: datetime) -> dict[str, Any]:
    return {
        "part": await service.get_part(number),
        "history": await service.history(number),
        "kinds": KINDS,
        "today": beijing_day(now),
        "values": {},
        "errors": (),
    }


@get("/fund/in-kind/{part_id:int}")
async def part_page(
    request: AnyRequest, part_id: FromPath[int], now: NamedDependency[datetime]
) -> Template:
    return page(request, _PAGE, **await _context(part_id, now))


@post(
    "/fund/in-kind/{part_id:int}/arrangement",
    operation_class=takes("place", "starts_on", "ends_on"),
)
async def arrange(
    request: AnyRequest,
    part_id: FromPath[int],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Form: place, starts_on, ends_on."""
    context = await _context(part_id, now)
    typed = await typed_form(request)
    try:
        arrangement = read_arrangement(FormReader(typed))
        await service.arrange(part_id, arrangement, actor, now)
    except (Invalid, Conflict) as problem:
        return again(request, _PAGE, problem, typed, **context)
    return goto(request, f"/fund/in-kind/{part_id}")


@post(
    "/fund/in-kind/{part_id:int}/done",
    operation_class=takes("done_on", "evidence", files=("file",)),
)
async def finish(
    request: AnyRequest,
    part_id: FromPath[int],
    runtime: NamedDependency[Runtime],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Form: done_on, evidence, file (a photo or a document, optional)."""
    context = await _context(part_id, now)
    typed = await typed_form(request)
    try:
        on, evidence = read_done(FormReader(typed))
        file = await uploaded(typed, "file")
        files = service.evidence_store(runtime)
        await service.finish(part_id, on, evidence, file, files, actor, now)
    except (Invalid, Conflict) as problem:
        return again(request, _PAGE, problem, typed, **context)
    return goto(request, f"/fund/in-kind/{part_id}")


@get("/fund/in-kind/{part_id:int}/evidence")
async def evidence(part_id: FromPath[int], runtime: NamedDependency[Runtime]) -> File:
    """The file of evidence exactly as it was uploaded, as a download."""
    done = (await service.get_part(part_id)).done
    if done is None or not done.file_digest:
        raise NotFound("no_such_file", _("没有这个文件"))
    path = service.evidence_store(runtime).kept(done.file_digest)
    return File(path, filename=done.file_name, media_type="application/octet-stream")


ROUTES = (parts_page, part_page, arrange, finish, evidence)
