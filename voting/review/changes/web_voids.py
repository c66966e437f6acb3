"""Void proposals for organisers and auditors: look for ballots, propose, decide."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from contest.editions import service as contest_service
from contest.editions.rules.contest import Contest
from core.audit import Actor
from core.problems import FieldError, Invalid
from core.runtime import Runtime
from core.web.openapi import asks, takes
from core.web.pages import AnyRequest, page
from voting.forms import read_decision, read_proposal, read_search
from voting.ledger import rows as ledger_rows
from voting.ledger.rules.sequences import written
from voting.review.cases import service as cases
from voting.review.changes import restorations, voids
from voting.review.changes.impact import AwardChange

_FOUND_MOST = 500


class VoidPages(Controller):
    path = "/organiser/c/{slug:str}/voids"

    @get("/", operation_class=asks("code", "voter", "start", "end"))
    async def overview(self, request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
        contest = await contest_service.get_contest(slug)
        return await _overview(request, contest)

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
            wanted = read_proposal(form)
            batch_id = await voids.propose(
                contest, wanted.ballots, wanted.rule, wanted.reason, actor, now
            )
        except Invalid as problem:
            return await _overview(request, contest, typed=form, errors=problem.errors)
        return Redirect(_address(runtime, slug, batch_id), status_code=303)

    @get("/{batch_id:int}")
    async def batch(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        batch_id: FromPath[int],
        award_change: NamedDependency[AwardChange],
    ) -> Response[Any]:
        contest = await contest_service.get_contest(slug)
        return await _batch(request, contest, batch_id, award_change)

    @post("/{batch_id:int}/decision", operation_class=takes("decision", "word"), status_code=303)
    async def decide(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        batch_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        runtime: NamedDependency[Runtime],
        award_change: NamedDependency[AwardChange],
    ) -> Response[Any]:
        contest = await contest_service.get_contest(slug)
        form = await request.form()
        try:
            approved, word = read_decision(form)
        except Invalid as problem:
            return await _batch(
                request, contest, batch_id, award_change, typed=form, errors=problem.errors
            )
        await voids.decide(contest, batch_id, approved=approved, word=word, actor=actor, now=now)
        return Redirect(_address(runtime, slug, batch_id), status_code=303)


async def _overview(
    request: AnyRequest,
    contest: Contest,
    *,
    typed: Mapping[str, Any] | None = None,
    errors: tuple[FieldError, ...] = (),
) -> Response[Any]:
    """The batches, the search for ballots and the form of a proposal, with what was typed.

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
        batches=await voids.batches(contest.id),
        found=found,
        most=_FOUND_MOST,
        query=query,
        search_errors=search_errors,
        values=values,
        errors=errors,
    )


async def _batch(
    request: AnyRequest,
    contest: Contest,
    batch_id: int,
    award_change: AwardChange,
    *,
    typed: Mapping[str, Any] | None = None,
    errors: tuple[FieldError, ...] = (),
) -> Response[Any]:
    batch = await voids.get_batch(contest.id, batch_id)
    return page(
        request,
        "voting/review/changes/void_batch.html",
        status=422 if errors else 200,
        contest=contest,
        batch=batch,
        ballots=await voids.ballots_of(batch),
        case=await cases.case_of_batch(batch.id),
        stakes=await voids.stakes_of(contest, batch, award_change),
        entrants=await contest_service.codes_and_names(contest.id),
        restorations=await restorations.of_batch(batch),
        own_proposal=request.user.account_id == batch.proposed_by,
        values=dict(typed or {}),
        errors=errors,
    )


def _address(runtime: Runtime, slug: str, batch_id: int) -> str:
    return f"{runtime.settings.root_path}/organiser/c/{slug}/voids/{batch_id}"
