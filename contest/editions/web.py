"""The organiser's contests: list, wizard, and the page from which one is carried on."""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from contest.editions import service
from contest.editions.phase_conditions import PhaseGate
from contest.editions.rules.contest import Contest, Phase
from contest.editions.rules.phases import (
    DANGEROUS,
    PHASE_NAMES,
    next_deadline,
    next_phase,
    phases_of,
)
from contest.forms import rulebook_from, uploaded
from contest.rulebooks.rules.rulebook import parse_rulebook
from contest.rulebooks.service import bundled_rulebooks
from contest.web_support import again, goto, links_of, typed_form
from core.audit import Actor
from core.i18n import _
from core.problems import Conflict, Invalid, Problem
from core.web.forms import FormReader
from core.web.openapi import takes
from core.web.pages import AnyRequest, page


@get("/organiser")
async def contests_page(
    request: AnyRequest, now: NamedDependency[datetime], phase_gate: NamedDependency[PhaseGate]
) -> Template:
    """All contests with phase, next deadline, and how much blocks the next phase."""
    rows = []
    for contest in await service.list_contests():
        following = next_phase(contest)
        blockers = await phase_gate.blockers(contest, following, now) if following else []
        rows.append((contest, next_deadline(contest, now), following, blockers))
    return page(request, "contest/editions/contests.html", rows=rows, phase_names=PHASE_NAMES)


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


async def _contest_page(
    request: AnyRequest,
    contest: Contest,
    now: datetime,
    gate: PhaseGate,
    problem: Problem | None = None,
    typed: dict[str, Any] | None = None,
) -> Template:
    following = next_phase(contest)
    context: dict[str, Any] = {
        "contest": contest,
        "following": following,
        "dangerous": following in DANGEROUS,
        "blockers": await gate.blockers(contest, following, now) if following else [],
        "deadline": next_deadline(contest, now),
        "phases": phases_of(contest),
        "phase_names": PHASE_NAMES,
        "entrants": await service.entrants(contest.id),
        "links": links_of(contest),
        "history": await service.phase_history(contest.id),
    }
    if problem is not None:
        return again(request, "contest/editions/contest.html", problem, typed or {}, **context)
    return page(request, "contest/editions/contest.html", values={}, errors=(), **context)


@get("/organiser/c/{slug:str}")
async def contest_page(
    request: AnyRequest,
    slug: FromPath[str],
    now: NamedDependency[datetime],
    phase_gate: NamedDependency[PhaseGate],
) -> Template:
    return await _contest_page(request, await service.get_contest(slug), now, phase_gate)


@post("/organiser/c/{slug:str}/phase", operation_class=takes("to", "confirmed"))
async def advance(
    request: AnyRequest,
    slug: FromPath[str],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    phase_gate: NamedDependency[PhaseGate],
) -> Response[Any]:
    """Form: to (a phase) and confirmed=1; 409 with every blocker when it may not go on."""
    contest = await service.get_contest(slug)
    typed = await typed_form(request)
    try:
        form = FormReader(typed)
        to = form.choice("to", _("下一阶段"), [phase.value for phase in Phase])
        form.agreed("confirmed", _("请确认要进入下一阶段"))
        form.finish()
        await service.advance(contest.id, Phase(to), actor, now, phase_gate)
    except (Invalid, Conflict) as problem:
        return await _contest_page(request, contest, now, phase_gate, problem, typed)
    return goto(request, f"/organiser/c/{slug}")


@post("/organiser/c/{slug:str}/approval", operation_class=takes("approval_document"))
async def record_approval(
    request: AnyRequest,
    slug: FromPath[str],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    phase_gate: NamedDependency[PhaseGate],
) -> Response[Any]:
    """Form: approval_document, the number of the approving document."""
    contest = await service.get_contest(slug)
    typed = await typed_form(request)
    try:
        form = FormReader(typed)
        number = form.text("approval_document", _("批准文号"), longest=120)
        form.finish()
        await service.record_approval_document(contest.id, number, actor, now)
    except (Invalid, Conflict) as problem:
        return await _contest_page(request, contest, now, phase_gate, problem, typed)
    return goto(request, f"/organiser/c/{slug}")


@post("/organiser/c/{slug:str}/nomination-deadline", operation_class=takes("nomination_closes_at"))
async def set_deadline(
    request: AnyRequest,
    slug: FromPath[str],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    phase_gate: NamedDependency[PhaseGate],
) -> Response[Any]:
    """Form: nomination_closes_at, Beijing time; empty takes the deadline away."""
    contest = await service.get_contest(slug)
    typed = await typed_form(request)
    try:
        form = FormReader(typed)
        closes_at = None
        if typed.get("nomination_closes_at"):
            closes_at = form.moment("nomination_closes_at", _("推荐截止时间"))
        form.finish()
        await service.set_nomination_deadline(contest.id, closes_at, actor, now)
    except (Invalid, Conflict) as problem:
        return await _contest_page(request, contest, now, phase_gate, problem, typed)
    return goto(request, f"/organiser/c/{slug}")


@get("/organiser/c/{slug:str}/rulebook")
async def rulebook_page(request: AnyRequest, slug: FromPath[str]) -> Template:
    contest = await service.get_contest(slug)
    return page(
        request,
        "contest/rulebooks/rulebook.html",
        contest=contest,
        versions=await service.rulebook_versions(contest.id),
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
            "contest/rulebooks/rulebook.html",
            problem,
            {**typed, "rulebook_text": text},
            contest=contest,
            versions=await service.rulebook_versions(contest.id),
        )
    return goto(request, f"/organiser/c/{slug}/rulebook")


ROUTES = [
    contests_page,
    new_contest_page,
    create_contest,
    contest_page,
    advance,
    record_approval,
    set_deadline,
    rulebook_page,
    revise_rulebook,
]
