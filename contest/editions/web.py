"""The organiser's wizard for a new contest, and the page of a contest's rulebook."""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from contest.editions import service
from contest.rulebooks.forms import rulebook_from
from contest.rulebooks.rules.rulebook import parse_rulebook
from contest.rulebooks.service import bundled_rulebooks, rulebook_versions
from contest.web_support import again
from core.audit import Actor
from core.i18n import _
from core.problems import Conflict, Invalid
from core.web.forms import FormReader
from core.web.openapi import takes
from core.web.pages import AnyRequest, page
from core.web.posted import goto, typed_form, uploaded


@get("/organiser/contests/new")
async def new_contest_page(request: AnyRequest) -> Template:
    return page(
        request,
        "contest/editions/new_contest.html",
        values={},
        errors=(),
        shipped_options=_shipped_options(),
    )


def _shipped_options() -> list[tuple[str, str]]:
    shipped = bundled_rulebooks().items()
    return [(name, f"{parse_rulebook(text).title}（{name}）") for name, text in shipped]


@post(
    "/organiser/contests",
    operation_class=takes(
        "slug", "edition", "rulebook_pick", "rulebook_text", files=("rulebook_file",)
    ),
)
async def create_contest(
    request: AnyRequest, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Response[Any]:
    """Form: slug, edition, and a rulebook as rulebook_file, rulebook_pick or rulebook_text."""
    typed = await typed_form(request)
    text = ""
    try:
        form = FormReader(typed)
        slug = form.text("slug", _("网址名"), required=False, longest=60)
        edition = form.text("edition", _("届次"), required=False, longest=20)
        _name, file = await uploaded(typed, "rulebook_file")
        text = rulebook_from(typed, file, bundled_rulebooks())
        form.finish()
        contest = await service.create_contest(slug, text, actor, now, edition=edition)
    except Invalid as problem:
        kept = {**typed, "rulebook_text": text, "rulebook_pick": ""}
        return again(
            request,
            "contest/editions/new_contest.html",
            problem,
            kept,
            shipped_options=_shipped_options(),
        )
    return goto(request, f"/organiser/c/{contest.slug}")


@get("/organiser/c/{slug:str}/rulebook")
async def rulebook_page(request: AnyRequest, slug: FromPath[str]) -> Template:
    contest = await service.get_contest(slug)
    return page(
        request,
        "contest/editions/rulebook.html",
        contest=contest,
        versions=await rulebook_versions(contest.id),
        values={"rulebook_text": contest.rulebook.source},
        errors=(),
    )


@post(
    "/organiser/c/{slug:str}/rulebook",
    operation_class=takes("rulebook_text", files=("rulebook_file",)),
)
async def revise_rulebook(
    request: AnyRequest,
    slug: FromPath[str],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Form: a rulebook as rulebook_file or rulebook_text; only while a draft."""
    contest = await service.get_contest(slug)
    typed = await typed_form(request)
    text = ""
    try:
        _name, file = await uploaded(typed, "rulebook_file")
        text = rulebook_from(typed, file, {})
        await service.revise_rulebook(contest.id, text, actor, now)
    except (Invalid, Conflict) as problem:
        return again(
            request,
            "contest/editions/rulebook.html",
            problem,
            {**typed, "rulebook_text": text},
            contest=contest,
            versions=await rulebook_versions(contest.id),
        )
    return goto(request, f"/organiser/c/{slug}/rulebook")


ROUTES = [new_contest_page, create_contest, rulebook_page, revise_rulebook]
