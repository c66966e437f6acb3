"""Platform figures: uploading a file, the second person's check, and what counts now."""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import File, Template

from contest.editions import service
from contest.editions.rules.contest import Contest
from contest.entrants.service import entrants_of
from contest.figures import service as figures
from contest.figures.rules.needed import figures_needed
from contest.web_support import again
from core.audit import Actor
from core.files.workbooks import Cell, download
from core.i18n import _
from core.problems import Conflict, Invalid, NotAllowed, NotFound
from core.runtime import Runtime
from core.web.forms import FormReader
from core.web.openapi import takes
from core.web.pages import AnyRequest, page
from core.web.posted import goto, typed_form, uploaded

_PAGE = "contest/figures/figures.html"
_FILE_PAGE = "contest/figures/figure_import.html"
VERDICTS = {figures.VERIFIED: _("核验无误"), figures.REFUSED: _("不予采用")}


async def _context(contest: Contest) -> dict[str, Any]:
    needed = figures_needed(contest.rulebook)
    return {
        "contest": contest,
        "needed": needed,
        "figure_columns": [{"label": figure.name, "num": True} for figure in needed],
        "imports": await figures.imports(contest.id),
        "entrants": [e for e in await entrants_of(contest.id) if not e.withdrawn],
        "effective": {
            (row["entrant"], row["figure_id"]): row for row in await figures.effective(contest.id)
        },
    }


@get("/organiser/c/{slug:str}/figures")
async def figures_page(request: AnyRequest, slug: FromPath[str]) -> Template:
    """The figures that count now, and every file with its state."""
    contest = await service.get_contest(slug)
    return page(request, _PAGE, values={}, errors=(), **await _context(contest))


@post("/organiser/c/{slug:str}/figures", operation_class=takes("as_of", "note", files=("table",)))
async def upload(
    request: AnyRequest,
    slug: FromPath[str],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    runtime: NamedDependency[Runtime],
) -> Response[Any]:
    """Form: table (.xlsx, .xls or .csv), as_of (Beijing time), note."""
    contest = await service.get_contest(slug)
    typed = await typed_form(request)
    try:
        form = FormReader(typed)
        as_of = form.moment("as_of", _("数据截止时间"))
        if as_of > now:
            form.fail("as_of", _("数据截止时间不能晚于现在"))
        note = form.text("note", _("说明"), required=False, longest=500)
        name, content = await uploaded(typed, "table")
        if not content:
            form.fail("table", _("请选择数据文件"))
        form.finish()
        file = figures.Upload(name, content, as_of, note)
        store = figures.evidence_store(runtime)
        import_id = await figures.upload(contest, file, store, actor, now)
    except (Invalid, Conflict) as problem:
        return again(request, _PAGE, problem, typed, **await _context(contest))
    return goto(request, f"/organiser/c/{slug}/figures/{import_id}")


async def _file_context(slug: str, import_id: int) -> dict[str, Any]:
    contest = await service.get_contest(slug)
    row = await figures.get_import(import_id)
    if row["contest"] != contest.id:
        raise NotFound("no_such_import", _("没有这份数据"))
    return {
        "contest": contest,
        "file": row,
        "figures": await figures.figures_of(import_id),
        "names": {e.id: e for e in await entrants_of(contest.id)},
        "titles": {figure.id: figure.name for figure in figures_needed(contest.rulebook)},
        "verdicts": VERDICTS,
    }


@get("/organiser/c/{slug:str}/figures/{import_id:int}")
async def file_page(request: AnyRequest, slug: FromPath[str], import_id: FromPath[int]) -> Template:
    """One file: each figure beside the row of the sheet it was read from."""
    context = await _file_context(slug, import_id)
    return page(request, _FILE_PAGE, values={}, errors=(), **context)


@get("/organiser/c/{slug:str}/figures/{import_id:int}/source")
async def source_file(
    slug: FromPath[str], import_id: FromPath[int], runtime: NamedDependency[Runtime]
) -> File:
    """The file exactly as it was uploaded, as a download."""
    row = (await _file_context(slug, import_id))["file"]
    path = figures.evidence_store(runtime).kept(row["file_digest"])
    return File(path, filename=row["file_name"], media_type="application/octet-stream")


@post(
    "/organiser/c/{slug:str}/figures/{import_id:int}/decision",
    operation_class=takes("verdict", "note"),
)
async def decide(
    request: AnyRequest,
    slug: FromPath[str],
    import_id: FromPath[int],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Form: verdict ("verified" or "refused"), note (why, when refused)."""
    context = await _file_context(slug, import_id)
    typed = await typed_form(request)
    try:
        form = FormReader(typed)
        verdict = form.choice("verdict", _("核验结论"), VERDICTS)
        refused = verdict == figures.REFUSED
        note = form.text("note", _("说明"), required=refused, longest=500)
        form.finish()
        await figures.decide(import_id, verdict, note, actor, now)
    except (Invalid, Conflict, NotAllowed) as problem:
        return again(request, _FILE_PAGE, problem, typed, **context)
    return goto(request, f"/organiser/c/{slug}/figures")


@get("/organiser/c/{slug:str}/figures.xlsx")
async def figures_table(slug: FromPath[str], now: NamedDependency[datetime]) -> Response[Any]:
    """The figures that count now, each with its file, its moment and the two people."""
    contest = await service.get_contest(slug)
    names = {figure.id: figure.name for figure in figures_needed(contest.rulebook)}
    entrants = {one.id: one for one in await entrants_of(contest.id)}
    rows: list[list[Cell]] = [
        [
            entrants[row["entrant"]].code,
            entrants[row["entrant"]].name,
            names.get(row["figure_id"], row["figure_id"]),
            row["value"],
            row["as_of"],
            row["file_name"],
            row["line"],
            row["file_digest"],
            row["uploaded_by_name"],
            row["decided_by_name"],
        ]
        for row in await figures.effective(contest.id)
    ]
    head = [
        *(_("编号"), _("姓名"), _("数据"), _("数值"), _("数据截止"), _("文件"), _("行")),
        *("SHA-256", _("上传人"), _("核验人")),
    ]
    return download(f"{slug}-figures", contest.title, head, rows, now)


ROUTES = [figures_table, figures_page, upload, file_page, source_file, decide]
