"""The organiser's notices, and answers to objections."""

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
from core.audit import Actor
from core.files.workbooks import Cell, download
from core.i18n import _
from core.problems import Conflict, Invalid
from core.runtime import Runtime
from core.web.forms import FormReader
from core.web.openapi import takes
from core.web.pages import AnyRequest, page
from core.web.posted import goto, typed_form

_PAGE = "contest/notices/organiser_notices.html"
_LONGEST = 5000


async def _context(contest: Contest, runtime: Runtime) -> dict[str, Any]:
    return {
        "contest": contest,
        "notices": await objections.notices(contest.id),
        "objections": await objections.of_contest(contest.id, runtime.keys),
        "outcomes": objections.OUTCOMES,
    }


@get("/organiser/c/{slug:str}/notices")
async def notices_page(
    request: AnyRequest, slug: FromPath[str], runtime: NamedDependency[Runtime]
) -> Template:
    contest = await service.get_contest(slug)
    return page(request, _PAGE, values={}, errors=(), **await _context(contest, runtime))


@post("/organiser/c/{slug:str}/notices", operation_class=takes("title", "body"))
async def post_notice(
    request: AnyRequest,
    slug: FromPath[str],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    runtime: NamedDependency[Runtime],
) -> Response[Any]:
    """Form: title, body."""
    contest = await service.get_contest(slug)
    typed = await typed_form(request)
    try:
        form = FormReader(typed)
        title = form.text("title", _("标题"), longest=120)
        body = form.text("body", _("正文"), longest=_LONGEST)
        form.finish()
        await objections.post_notice(contest, title, body, actor, now)
    except Invalid as problem:
        return again(request, _PAGE, problem, typed, **await _context(contest, runtime))
    return goto(request, f"/organiser/c/{slug}/notices")


@post(
    "/organiser/c/{slug:str}/objections/{objection_id:int}/answer",
    operation_class=takes("outcome", "answer"),
)
async def answer_objection(
    request: AnyRequest,
    slug: FromPath[str],
    objection_id: FromPath[int],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    runtime: NamedDependency[Runtime],
) -> Response[Any]:
    """Form: outcome (upheld, partly, dismissed), answer."""
    contest = await service.get_contest(slug)
    typed = await typed_form(request)
    try:
        form = FormReader(typed)
        outcome = form.choice("outcome", _("处理结论"), objections.OUTCOMES)
        answer = form.text("answer", _("书面答复"), longest=_LONGEST)
        form.finish()
        await objections.answer_objection(contest.id, objection_id, outcome, answer, actor, now)
    except (Invalid, Conflict) as problem:
        typed["objection_id"] = str(objection_id)
        return again(request, _PAGE, problem, typed, **await _context(contest, runtime))
    return goto(request, f"/organiser/c/{slug}/notices")


@get("/organiser/c/{slug:str}/objections.xlsx")
async def objections_table(
    slug: FromPath[str], now: NamedDependency[datetime], runtime: NamedDependency[Runtime]
) -> Response[Any]:
    """Objections and answers by their reference; who filed them stays on the page."""
    contest = await service.get_contest(slug)
    rows: list[list[Cell]] = [
        [
            one.reference,
            one.filed_at,
            one.about,
            one.body,
            objections.OUTCOMES.get(one.outcome, _("待答复")),
            one.answer,
            one.answered_at,
        ]
        for one in await objections.of_contest(contest.id, runtime.keys)
    ]
    head = [
        *(_("回执编号"), _("收到"), _("异议对象"), _("异议内容")),
        *(_("处理结论"), _("书面答复"), _("答复时间")),
    ]
    return download(f"{slug}-objections", contest.title, head, rows, now)


ROUTES = [notices_page, post_notice, answer_objection, objections_table]
