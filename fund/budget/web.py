"""Budget lines: opening one, appropriating to it, and the second person's answer."""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from core.audit import Actor
from core.beijing import beijing_day
from core.problems import Conflict, Invalid, NotAllowed
from core.web.forms import FormReader
from core.web.openapi import takes
from core.web.pages import AnyRequest, page
from core.web.posted import goto, typed_form
from fund.books import service as books
from fund.budget import service
from fund.budget.forms import read_appropriation, read_line
from fund.rules.books import ACCOUNT_NAMES, Account
from fund.web_support import again, read_decision

_NEW = "fund/budget/new_line.html"
_LINE = "fund/budget/line.html"


@get("/fund/lines/new")
async def new_line(request: AnyRequest, now: NamedDependency[datetime]) -> Template:
    values = {"year": str(beijing_day(now).year), "source": "city"}
    return page(request, _NEW, values=values, errors=(), sources=service.SOURCES)


@post("/fund/lines", operation_class=takes("year", "name", "source", "document"))
async def open_line(
    request: AnyRequest, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Response[Any]:
    typed = await typed_form(request)
    try:
        number = await service.open_line(read_line(FormReader(typed)), actor, now)
    except (Invalid, Conflict) as problem:
        return again(request, _NEW, problem, typed, sources=service.SOURCES)
    return goto(request, f"/fund/lines/{number}")


async def _context(line_id: int) -> dict[str, Any]:
    line = await service.get_line(line_id)
    held = await books.balances(line["year"])
    return {
        "line": line,
        "held": {account: held.get((line_id, account), 0) for account in Account},
        "account_names": ACCOUNT_NAMES,
        "sources": service.SOURCES,
        "appropriations": await service.appropriations(line_id),
        "values": {},
        "errors": (),
    }


@get("/fund/lines/{line_id:int}")
async def line_page(request: AnyRequest, line_id: FromPath[int]) -> Template:
    return page(request, _LINE, **await _context(line_id))


@post("/fund/lines/{line_id:int}/appropriations", operation_class=takes("amount", "document"))
async def propose(
    request: AnyRequest,
    line_id: FromPath[int],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Form: amount in yuan, document."""
    context = await _context(line_id)
    typed = await typed_form(request)
    try:
        amount, document = read_appropriation(FormReader(typed))
        await service.propose(line_id, amount, document, actor, now)
    except (Invalid, Conflict) as problem:
        return again(request, _LINE, problem, typed, **context)
    return goto(request, f"/fund/lines/{line_id}")


@post(
    "/fund/appropriations/{appropriation_id:int}/decision",
    operation_class=takes("verdict", "reason"),
)
async def decide(
    request: AnyRequest,
    appropriation_id: FromPath[int],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Form: verdict ("approve" or "refuse"), reason (when refused)."""
    found = await service.get_appropriation(appropriation_id)
    typed = await typed_form(request)
    try:
        form = FormReader(typed)
        approved, reason = read_decision(form)
        form.finish()
        line = await service.decide(appropriation_id, approved, reason, actor, now)
    except (Invalid, Conflict, NotAllowed) as problem:
        return again(request, _LINE, problem, typed, **await _context(found["line"]))
    return goto(request, f"/fund/lines/{line}")


ROUTES = (new_line, open_line, line_page, propose, decide)
