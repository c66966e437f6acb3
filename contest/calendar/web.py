"""The organiser's page of holiday arrangements."""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Template

from contest.calendar import service
from contest.calendar.forms import read_year
from contest.web_support import again
from core.audit import Actor
from core.problems import Invalid
from core.web.forms import FormReader
from core.web.openapi import takes
from core.web.pages import AnyRequest, page
from core.web.posted import goto, typed_form

_PAGE = "contest/calendar/calendar.html"


@get("/organiser/calendar")
async def calendar_page(request: AnyRequest, now: NamedDependency[datetime]) -> Template:
    return page(request, _PAGE, values={}, errors=(), **await _context(now))


async def _context(now: datetime) -> dict[str, Any]:
    return {
        "years": await service.entered_years(),
        "known": [(year, service.known_to_library(year)) for year in (now.year, now.year + 1)],
    }


@post("/organiser/calendar", operation_class=takes("year", "days_off", "makeup_days"))
async def record_year(
    request: AnyRequest, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Response[Any]:
    """Form: year, days_off, makeup_days (dates separated by blanks or commas)."""
    typed = await typed_form(request)
    try:
        await service.record_year(read_year(FormReader(typed)), actor, now)
    except Invalid as problem:
        return again(request, _PAGE, problem, typed, **await _context(now))
    return goto(request, "/organiser/calendar")


ROUTES = [calendar_page, record_year]
