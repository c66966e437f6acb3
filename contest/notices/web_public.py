"""What everyone sees: public notices, the objection form, and the answer to an objection."""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from contest.editions import service
from contest.editions.rules.contest import Contest
from contest.notices import service as objections
from contest.web_support import again
from core.i18n import _
from core.problems import Conflict, Invalid, TooMany
from core.runtime import Runtime
from core.web.forms import FormReader
from core.web.network import client_address, network_prefix
from core.web.openapi import takes
from core.web.pages import AnyRequest, page
from core.web.posted import goto, typed_form

_LONGEST_OBJECTION = 5000


@get("/c/{slug:str}/notices")
async def notices_page(
    request: AnyRequest, slug: FromPath[str], now: NamedDependency[datetime]
) -> Template:
    contest = await service.public_contest(slug)
    return page(
        request,
        "contest/notices/notices.html",
        contest=contest,
        notices=await objections.notices(contest.id),
        accepts_objections=objections.accepts_objections(contest, now),
    )


@get("/c/{slug:str}/objections")
async def objection_page(
    request: AnyRequest, slug: FromPath[str], now: NamedDependency[datetime]
) -> Template:
    contest = await service.public_contest(slug)
    return page(
        request,
        "contest/notices/objection_form.html",
        values={},
        errors=(),
        **_context(contest, now),
    )


def _context(contest: Contest, now: datetime) -> dict[str, Any]:
    return {
        "contest": contest,
        "accepts_objections": objections.accepts_objections(contest, now),
    }


@post(
    "/c/{slug:str}/objections",
    operation_class=takes("real_name", "contact", "about", "body", "agree"),
)
async def file_objection(
    request: AnyRequest,
    slug: FromPath[str],
    now: NamedDependency[datetime],
    runtime: NamedDependency[Runtime],
) -> Response[Any]:
    """Form: real_name, contact, about, body, agree=1; on to the page of its reference."""
    contest = await service.public_contest(slug)
    typed = await typed_form(request)
    try:
        form = FormReader(typed)
        real_name = form.text("real_name", _("真实姓名"), longest=40)
        contact = form.text("contact", _("联系方式"), longest=100)
        about = form.text("about", _("异议对象"), required=False, longest=60)
        body = form.text("body", _("异议内容"), longest=_LONGEST_OBJECTION)
        form.agreed("agree", _("请确认以真实姓名提出，并同意为处理异议使用所填信息"))
        form.finish()
        address = client_address(request.scope, runtime.settings)
        await runtime.limits.hit(objections.PER_NETWORK, network_prefix(address))
        reference = await objections.file_objection(
            contest, real_name, contact, about, body, runtime.keys, now
        )
    except (Invalid, Conflict, TooMany) as problem:
        return again(
            request, "contest/notices/objection_form.html", problem, typed, **_context(contest, now)
        )
    return goto(request, f"/objections/{reference}")


@get("/objections/{reference:str}")
async def objection_answer(
    request: AnyRequest, reference: FromPath[str], runtime: NamedDependency[Runtime]
) -> Template:
    """The objection and its answer, for whoever holds the reference; no name, no contact."""
    objection = await objections.by_reference(reference, runtime.keys)
    return page(
        request,
        "contest/notices/objection.html",
        objection=objection,
        contest=await service.contest_by_id(objection.contest_id),
        outcomes=objections.OUTCOMES,
    )


ROUTES = [notices_page, objection_page, file_objection, objection_answer]
