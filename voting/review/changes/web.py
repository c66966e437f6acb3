"""Voids and restorations for organisers and auditors: look for ballots, propose, decide."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from contest.editions import service as contest_service
from contest.editions.rules.contest import Contest
from contest.entrants.service import codes_and_names
from core.audit import Actor
from core.problems import FieldError, Invalid
from core.runtime import Runtime
from core.web.openapi import asks, takes
from core.web.pages import AnyRequest, page
from voting.ledger import rows as ledger_rows
from voting.ledger.rules.sequences import written
from voting.review.changes import service
from voting.review.changes.forms import read_decision, read_proposal, read_search
from voting.review.changes.impact import AwardChange
from voting.review.changes.rules import Change, Kind

CaseOfVoid = Callable[[int], Awaitable[int | None]]
"""The id of the case that a void was proposed from, if any. `app.py` provides it, since cases
know of changes and not the other way about."""

_FOUND_MOST = 500
_PATHS = {Kind.VOID: "voids", Kind.RESTORE: "restorations"}


class VoidPages(Controller):
    path = "/organiser/c/{slug:str}/voids"

    @get("/", operation_class=asks("code", "voter", "start", "end"))
    async def overview(self, request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
        return await _overview(request, await contest_service.get_contest(slug))

    @post("/", operation_class=takes("ballots", "rule", "reason"), status_code=303)
    async def propose(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        runtime: NamedDependency[Runtime],
    ) -> Response[Any]:
        contest = await contest_service.get_contest(slug)
        form = await request.form()
        try:
            void_id = await service.propose_void(contest, read_proposal(form), actor, now)
        except Invalid as problem:
            return await _overview(request, contest, typed=form, errors=problem.errors)
        return _to(runtime, slug, Kind.VOID, void_id)

    @get("/{void_id:int}")
    async def void(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        void_id: FromPath[int],
        award_change: NamedDependency[AwardChange],
        case_of_void: NamedDependency[CaseOfVoid],
    ) -> Response[Any]:
        contest = await contest_service.get_contest(slug)
        void = await service.get_void(contest.id, void_id)
        return await _change_page(request, contest, void, award_change, case_of_void)

    @post(
        "/{void_id:int}/decision",
        operation_class=takes("decision", "decision_reason"),
        status_code=303,
    )
    async def decide(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        void_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        runtime: NamedDependency[Runtime],
        award_change: NamedDependency[AwardChange],
        case_of_void: NamedDependency[CaseOfVoid],
    ) -> Response[Any]:
        contest = await contest_service.get_contest(slug)
        void = await service.get_void(contest.id, void_id)
        form = await request.form()
        try:
            await _decide(contest, void, form, actor, now)
        except Invalid as problem:
            return await _change_page(
                request, contest, void, award_change, case_of_void, form, problem.errors
            )
        return _to(runtime, slug, Kind.VOID, void_id)

    @get("/{void_id:int}/restore")
    async def restoration_form(
        self, request: AnyRequest, slug: FromPath[str], void_id: FromPath[int]
    ) -> Response[Any]:
        return await _restoration_form(request, await contest_service.get_contest(slug), void_id)

    @post(
        "/{void_id:int}/restore",
        operation_class=takes("ballots", "rule", "reason"),
        status_code=303,
    )
    async def propose_restoration(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        void_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        runtime: NamedDependency[Runtime],
    ) -> Response[Any]:
        contest = await contest_service.get_contest(slug)
        form = await request.form()
        try:
            proposal = read_proposal(form)
            restoration_id = await service.propose_restoration(
                contest, void_id, proposal, actor, now
            )
        except Invalid as problem:
            return await _restoration_form(
                request, contest, void_id, typed=form, errors=problem.errors
            )
        return _to(runtime, slug, Kind.RESTORE, restoration_id)


class RestorationPages(Controller):
    path = "/organiser/c/{slug:str}/restorations"

    @get("/{restoration_id:int}")
    async def restoration(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        restoration_id: FromPath[int],
        award_change: NamedDependency[AwardChange],
        case_of_void: NamedDependency[CaseOfVoid],
    ) -> Response[Any]:
        contest = await contest_service.get_contest(slug)
        restoration = await service.get_restoration(contest.id, restoration_id)
        return await _change_page(request, contest, restoration, award_change, case_of_void)

    @post(
        "/{restoration_id:int}/decision",
        operation_class=takes("decision", "decision_reason"),
        status_code=303,
    )
    async def decide(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        restoration_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        runtime: NamedDependency[Runtime],
        award_change: NamedDependency[AwardChange],
        case_of_void: NamedDependency[CaseOfVoid],
    ) -> Response[Any]:
        contest = await contest_service.get_contest(slug)
        restoration = await service.get_restoration(contest.id, restoration_id)
        form = await request.form()
        try:
            await _decide(contest, restoration, form, actor, now)
        except Invalid as problem:
            return await _change_page(
                request, contest, restoration, award_change, case_of_void, form, problem.errors
            )
        return _to(runtime, slug, Kind.RESTORE, restoration_id)


async def _overview(
    request: AnyRequest,
    contest: Contest,
    *,
    typed: Mapping[str, Any] | None = None,
    errors: tuple[FieldError, ...] = (),
) -> Response[Any]:
    """The voids, the search for ballots and the form of a proposal, with what was typed.

    What a search finds is put into the form, so that it can be looked through and changed.
    """
    query = request.query_params
    found = None
    search_errors: tuple[FieldError, ...] = ()
    if any(query.get(name) for name in ("code", "voter", "start", "end")):
        try:
            found = await ledger_rows.find_ballots(contest, read_search(query), _FOUND_MOST)
        except Invalid as problem:
            search_errors = problem.errors
    values = dict(typed or {})
    if found and not typed:
        countable = [row.sequence for row in found if row.state is None]
        values["ballots"] = written(countable)
    return page(
        request,
        "voting/review/changes/voids.html",
        status=422 if errors or search_errors else 200,
        contest=contest,
        voids=await service.voids(contest.id),
        found=found,
        most=_FOUND_MOST,
        query=query,
        search_errors=search_errors,
        values=values,
        errors=errors,
    )


async def _restoration_form(
    request: AnyRequest,
    contest: Contest,
    void_id: int,
    *,
    typed: Mapping[str, Any] | None = None,
    errors: tuple[FieldError, ...] = (),
) -> Response[Any]:
    """The form, with every ballot that the void still keeps from counting filled in."""
    void = await service.get_void(contest.id, void_id)
    return page(
        request,
        "voting/review/changes/restore.html",
        status=422 if errors else 200,
        contest=contest,
        void=void,
        values=dict(typed or {"ballots": await service.void_now(void)}),
        errors=errors,
    )


async def _decide(
    contest: Contest, change: Change, form: Mapping[str, Any], actor: Actor, now: datetime
) -> None:
    """Raises Invalid where the form is not filled in, and what the service raises."""
    approved, reason = read_decision(form)
    await service.decide(contest, change, approved=approved, reason=reason, decider=actor, now=now)


async def _change_page(
    request: AnyRequest,
    contest: Contest,
    change: Change,
    award_change: AwardChange,
    case_of_void: CaseOfVoid,
    typed: Mapping[str, Any] | None = None,
    errors: tuple[FieldError, ...] = (),
) -> Response[Any]:
    """What the change names, and the form of a decision; for a void also what it led to."""
    is_void = change.void is None
    return page(
        request,
        "voting/review/changes/change.html",
        status=422 if errors else 200,
        contest=contest,
        change=change,
        ballots=(await service.numbers_of([change])).get(change.id, ""),
        case=await case_of_void(change.id) if is_void else None,
        void=change if change.void is None else await service.get_void(contest.id, change.void),
        impact=await service.impact_of(contest, change, award_change),
        entrants=await codes_and_names(contest.id),
        restorations=await service.restorations_of(change) if is_void else [],
        own_proposal=request.user.account_id == change.proposed_by,
        values=dict(typed or {}),
        errors=errors,
    )


def _to(runtime: Runtime, slug: str, kind: Kind, change_id: int) -> Redirect:
    path = f"{runtime.settings.root_path}/organiser/c/{slug}/{_PATHS[kind]}/{change_id}"
    return Redirect(path, status_code=303)
