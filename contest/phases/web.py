"""The organiser's contests: the list, and the page from which one is carried on."""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from contest.editions import service as contests
from contest.editions.rules.contest import Contest, Phase
from contest.entrants.service import entrants_of
from contest.phases import service as phases
from contest.phases.conditions import PhaseConditions
from contest.phases.rules import (
    DANGEROUS,
    PHASE_NAMES,
    next_deadline,
    next_phase,
    phases_of,
)
from contest.web_support import again
from core.audit import Actor
from core.files.workbooks import Cell, download
from core.i18n import _
from core.numbers import beijing
from core.problems import Conflict, Invalid, Problem
from core.web.forms import FormReader
from core.web.openapi import takes
from core.web.pages import AnyRequest, page
from core.web.posted import goto, typed_form


@get("/organiser")
async def contests_page(
    request: AnyRequest,
    now: NamedDependency[datetime],
    phase_conditions: NamedDependency[PhaseConditions],
) -> Template:
    """All contests with phase, next deadline, and how much blocks the next phase."""
    rows = []
    for contest in await contests.list_contests():
        following = next_phase(contest)
        blockers = await phase_conditions.blockers(contest, following, now) if following else []
        rows.append((contest, next_deadline(contest, now), following, blockers))
    return page(request, "contest/phases/contests.html", rows=rows, phase_names=PHASE_NAMES)


@get("/organiser/contests.xlsx")
async def contests_table(
    now: NamedDependency[datetime], phase_conditions: NamedDependency[PhaseConditions]
) -> Response[Any]:
    """Every contest with its phase, next deadline, and what blocks the next phase."""
    rows: list[list[Cell]] = []
    for contest in await contests.list_contests():
        following = next_phase(contest)
        blockers = await phase_conditions.blockers(contest, following, now) if following else []
        deadline = next_deadline(contest, now)
        due = deadline.at if deadline else None
        rows.append(
            [
                contest.title,
                contest.slug,
                contest.edition,
                PHASE_NAMES[contest.phase],
                deadline.what if deadline else "",
                beijing(due) if isinstance(due, datetime) else str(due or ""),
                PHASE_NAMES[following] if following else "",
                "；".join(blocker.message for blocker in blockers),
                contest.rulebook.digest,
            ]
        )
    head = [
        *(_("评选"), _("网址名"), _("届次"), _("阶段"), _("下一个期限"), _("时间")),
        *(_("下一阶段"), _("还差什么"), _("规则摘要")),
    ]
    return download("contests", _("全部评选"), head, rows, now)


async def _contest_page(
    request: AnyRequest,
    contest: Contest,
    now: datetime,
    phase_conditions: PhaseConditions,
    problem: Problem | None = None,
    typed: dict[str, Any] | None = None,
) -> Template:
    following = next_phase(contest)
    context: dict[str, Any] = {
        "contest": contest,
        "following": following,
        "dangerous": following in DANGEROUS,
        "blockers": await phase_conditions.blockers(contest, following, now) if following else [],
        "deadline": next_deadline(contest, now),
        "phases": phases_of(contest),
        "phase_names": PHASE_NAMES,
        "entrants": await entrants_of(contest.id),
        "links": _links(contest),
        "history": await phases.phase_history(contest.id),
    }
    if problem is not None:
        return again(request, "contest/phases/contest.html", problem, typed or {}, **context)
    return page(request, "contest/phases/contest.html", values={}, errors=(), **context)


def _links(contest: Contest) -> list[tuple[str, str]]:
    """Where the work on a contest goes on in the packages above: (words, address)."""
    links = []
    if contest.rulebook.voting is not None:
        links.append((_("核验与作废"), f"/organiser/c/{contest.slug}/voids"))
    if contest.rulebook.judging is not None:
        links.append((_("评委席"), f"/organiser/c/{contest.slug}/panel"))
        links.append((_("现场主持"), f"/host/{contest.slug}"))
    links.append((_("计分与核定"), f"/organiser/c/{contest.slug}/result"))
    return links


@get("/organiser/c/{slug:str}")
async def contest_page(
    request: AnyRequest,
    slug: FromPath[str],
    now: NamedDependency[datetime],
    phase_conditions: NamedDependency[PhaseConditions],
) -> Template:
    return await _contest_page(request, await contests.get_contest(slug), now, phase_conditions)


@post("/organiser/c/{slug:str}/phase", operation_class=takes("to", "confirmed"))
async def advance(
    request: AnyRequest,
    slug: FromPath[str],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    phase_conditions: NamedDependency[PhaseConditions],
) -> Response[Any]:
    """Form: to (a phase) and confirmed=1; 409 with every blocker when it may not go on."""
    contest = await contests.get_contest(slug)
    typed = await typed_form(request)
    try:
        form = FormReader(typed)
        to = form.choice("to", _("下一阶段"), [phase.value for phase in Phase])
        form.agreed("confirmed", _("请确认要进入下一阶段"))
        form.finish()
        await phases.advance(contest.id, Phase(to), actor, now, phase_conditions)
    except (Invalid, Conflict) as problem:
        return await _contest_page(request, contest, now, phase_conditions, problem, typed)
    return goto(request, f"/organiser/c/{slug}")


@post("/organiser/c/{slug:str}/approval", operation_class=takes("approval_document"))
async def record_approval(
    request: AnyRequest,
    slug: FromPath[str],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    phase_conditions: NamedDependency[PhaseConditions],
) -> Response[Any]:
    """Form: approval_document, the number of the approving document."""
    contest = await contests.get_contest(slug)
    typed = await typed_form(request)
    try:
        form = FormReader(typed)
        number = form.text("approval_document", _("批准文号"), longest=120)
        form.finish()
        await contests.record_approval_document(contest.id, number, actor, now)
    except (Invalid, Conflict) as problem:
        return await _contest_page(request, contest, now, phase_conditions, problem, typed)
    return goto(request, f"/organiser/c/{slug}")


@post("/organiser/c/{slug:str}/nomination-deadline", operation_class=takes("nomination_closes_at"))
async def set_deadline(
    request: AnyRequest,
    slug: FromPath[str],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    phase_conditions: NamedDependency[PhaseConditions],
) -> Response[Any]:
    """Form: nomination_closes_at, Beijing time; empty takes the deadline away."""
    contest = await contests.get_contest(slug)
    typed = await typed_form(request)
    try:
        form = FormReader(typed)
        closes_at = None
        if typed.get("nomination_closes_at"):
            closes_at = form.moment("nomination_closes_at", _("推荐截止时间"))
        form.finish()
        await contests.set_nomination_deadline(contest.id, closes_at, actor, now)
    except (Invalid, Conflict) as problem:
        return await _contest_page(request, contest, now, phase_conditions, problem, typed)
    return goto(request, f"/organiser/c/{slug}")


ROUTES = [
    contests_page,
    contests_table,
    contest_page,
    advance,
    record_approval,
    set_deadline,
]
