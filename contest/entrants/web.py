"""The organiser's entrants: the list, letting many in from a table, codes, withdrawal."""

import asyncio
from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from contest.editions import service
from contest.editions.rules.contest import Contest
from contest.entrants import importing as entrant_import
from contest.entrants import service as entrants
from contest.entrants.photos import photo_store, store_photo
from contest.entrants.rules.codes import CODE_ORDERS
from contest.entrants.service import entrants_of
from contest.web_support import again
from core.audit import Actor
from core.files.spreadsheets import read_rows
from core.files.workbooks import Cell, download
from core.i18n import _
from core.problems import Conflict, Invalid, NotFound
from core.runtime import Runtime
from core.web.forms import FormReader
from core.web.openapi import asks, takes
from core.web.pages import AnyRequest, page
from core.web.posted import goto, typed_form, uploaded

_PAGE = "contest/entrants/entrants.html"


async def _context(request: AnyRequest, contest: Contest) -> dict[str, Any]:
    everyone = await entrants_of(contest.id)
    code, words = request.query_params.get("code", ""), request.query_params.get("name", "")
    shown = [e for e in everyone if e.code.startswith(code) and words in e.name]
    return {
        "contest": contest,
        "entrants": shown,
        "total": len(everyone),
        "without_code": sum(1 for e in everyone if not e.code and not e.withdrawn),
        "open_for_entrants": contest.phase in entrant_import.OPEN_PHASES,
    }


@get("/organiser/c/{slug:str}/entrants", operation_class=asks("code", "name"))
async def entrants_page(request: AnyRequest, slug: FromPath[str]) -> Template:
    contest = await service.get_contest(slug)
    return page(request, _PAGE, values={}, errors=(), **await _context(request, contest))


@post(
    "/organiser/c/{slug:str}/entrants/import", operation_class=takes("table_text", files=("table",))
)
async def import_entrants(
    request: AnyRequest,
    slug: FromPath[str],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Form: table, a .csv or .xlsx file, or table_text, the same as CSV text."""
    contest = await service.get_contest(slug)
    typed = await typed_form(request)
    try:
        _name, content = await uploaded(typed, "table")
        content = content or str(typed.get("table_text", "")).encode()
        rows = await asyncio.to_thread(read_rows, content, "table")
        await entrant_import.import_entrants(contest, rows, actor, now)
    except (Invalid, Conflict) as problem:
        return again(request, _PAGE, problem, typed, **await _context(request, contest))
    return goto(request, f"/organiser/c/{slug}/entrants")


@post("/organiser/c/{slug:str}/entrants/codes", operation_class=takes("order", "seed"))
async def assign_codes(
    request: AnyRequest,
    slug: FromPath[str],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Form: order ("random" or "pinyin"); a random draw needs its seed."""
    contest = await service.get_contest(slug)
    typed = await typed_form(request)
    try:
        form = FormReader(typed)
        order = form.choice("order", _("编号办法"), CODE_ORDERS)
        drawn = order == "random"
        seed = form.text("seed", _("抽签种子"), required=drawn, longest=200)
        form.finish()
        await entrants.assign_codes(contest.id, order, seed if drawn else "", actor, now)
    except (Invalid, Conflict) as problem:
        return again(request, _PAGE, problem, typed, **await _context(request, contest))
    return goto(request, f"/organiser/c/{slug}/entrants")


@get("/organiser/c/{slug:str}/entrants/{entrant_id:int}")
async def entrant_page(
    request: AnyRequest, slug: FromPath[str], entrant_id: FromPath[int]
) -> Template:
    contest, entrant = await _entrant_of(slug, entrant_id)
    return page(
        request,
        "contest/entrants/entrant.html",
        contest=contest,
        entrant=entrant,
        values={},
        errors=(),
    )


async def _entrant_of(slug: str, entrant_id: int) -> tuple[Contest, Any]:
    contest = await service.get_contest(slug)
    for entrant in await entrants_of(contest.id):
        if entrant.id == entrant_id:
            return contest, entrant
    raise NotFound("no_such_entrant", _("没有这位候选人"))


@post(
    "/organiser/c/{slug:str}/entrants/{entrant_id:int}/withdraw",
    operation_class=takes("reason", "confirmed"),
)
async def withdraw_entrant(
    request: AnyRequest,
    slug: FromPath[str],
    entrant_id: FromPath[int],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Form: reason, and confirmed=1."""
    contest, entrant = await _entrant_of(slug, entrant_id)
    typed = await typed_form(request)
    try:
        form = FormReader(typed)
        reason = form.text("reason", _("退出原因"), longest=300)
        form.agreed("confirmed", _("请确认这位候选人退出"))
        form.finish()
        await entrants.withdraw_entrant(entrant.id, reason, actor, now)
    except (Invalid, Conflict) as problem:
        return again(
            request,
            "contest/entrants/entrant.html",
            problem,
            typed,
            contest=contest,
            entrant=entrant,
        )
    return goto(request, f"/organiser/c/{slug}/entrants/{entrant_id}")


@post(
    "/organiser/c/{slug:str}/entrants/{entrant_id:int}/photo",
    operation_class=takes(files=("photo",)),
)
async def set_photo(
    request: AnyRequest,
    slug: FromPath[str],
    entrant_id: FromPath[int],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    runtime: NamedDependency[Runtime],
) -> Response[Any]:
    """Form: photo, a picture file."""
    contest, entrant = await _entrant_of(slug, entrant_id)
    typed = await typed_form(request)
    try:
        _name, content = await uploaded(typed, "photo")
        photo = await asyncio.to_thread(store_photo, photo_store(runtime), content, "photo")
        await entrants.set_photo(entrant.id, photo, actor, now)
    except Invalid as problem:
        return again(
            request,
            "contest/entrants/entrant.html",
            problem,
            typed,
            contest=contest,
            entrant=entrant,
        )
    return goto(request, f"/organiser/c/{slug}/entrants/{entrant_id}")


@get("/organiser/c/{slug:str}/entrants.xlsx")
async def entrants_table(slug: FromPath[str], now: NamedDependency[datetime]) -> Response[Any]:
    """Everyone who was ever let in, the withdrawn with their reason."""
    contest = await service.get_contest(slug)
    rows: list[list[Cell]] = [
        [
            one.code,
            one.name,
            one.nominator,
            one.township,
            one.summary,
            one.case_report,
            _("是") if one.first_time else _("否"),
            _("已退出") if one.withdrawn else _("参评"),
            one.withdrawn_at,
            one.withdrawn_reason,
        ]
        for one in await entrants_of(contest.id)
    ]
    head = [
        *(_("编号"), _("姓名"), _("推荐单位"), _("乡镇"), _("简介"), _("案例报告")),
        *(_("首次参赛"), _("状态"), _("退出时间"), _("退出原因")),
    ]
    return download(f"{slug}-entrants", contest.title, head, rows, now)


ROUTES = [
    entrants_table,
    entrants_page,
    import_entrants,
    assign_codes,
    entrant_page,
    withdraw_entrant,
    set_photo,
]
