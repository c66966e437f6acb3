"""Restorations for organisers and auditors: propose to count struck ballots again, decide."""

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
from core.web.openapi import takes
from core.web.pages import AnyRequest, page
from voting.forms import read_decision, read_proposal
from voting.ledger.rules.sequences import written
from voting.review.changes import restorations, voids
from voting.review.changes.impact import AwardChange


class RestorationPages(Controller):
    path = "/organiser/c/{slug:str}"

    @get("/voids/{batch_id:int}/restore")
    async def form(
        self, request: AnyRequest, slug: FromPath[str], batch_id: FromPath[int]
    ) -> Response[Any]:
        return await _form(request, await contest_service.get_contest(slug), batch_id)

    @post(
        "/voids/{batch_id:int}/restore",
        operation_class=takes("ballots", "rule", "reason"),
        status_code=303,
    )
    async def propose(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        batch_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        runtime: NamedDependency[Runtime],
    ) -> Response[Any]:
        contest = await contest_service.get_contest(slug)
        form = await request.form()
        try:
            wanted = read_proposal(form)
            asked = await restorations.propose(
                contest, batch_id, wanted.ballots, wanted.rule, wanted.reason, actor, now
            )
        except Invalid as problem:
            return await _form(request, contest, batch_id, typed=form, errors=problem.errors)
        return Redirect(_address(runtime, slug, asked), status_code=303)

    @get("/restorations/{restoration_id:int}")
    async def restoration(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        restoration_id: FromPath[int],
        award_change: NamedDependency[AwardChange],
    ) -> Response[Any]:
        contest = await contest_service.get_contest(slug)
        return await _shown(request, contest, restoration_id, award_change)

    @post(
        "/restorations/{restoration_id:int}/decision",
        operation_class=takes("decision", "word"),
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
    ) -> Response[Any]:
        contest = await contest_service.get_contest(slug)
        form = await request.form()
        try:
            approved, word = read_decision(form)
        except Invalid as problem:
            return await _shown(
                request, contest, restoration_id, award_change, typed=form, errors=problem.errors
            )
        await restorations.decide(
            contest, restoration_id, approved=approved, word=word, actor=actor, now=now
        )
        return Redirect(_address(runtime, slug, restoration_id), status_code=303)


async def _form(
    request: AnyRequest,
    contest: Contest,
    batch_id: int,
    *,
    typed: Mapping[str, Any] | None = None,
    errors: tuple[FieldError, ...] = (),
) -> Response[Any]:
    """The form, with every ballot that the batch still keeps from counting filled in."""
    batch = await voids.get_batch(contest.id, batch_id)
    return page(
        request,
        "voting/review/changes/restore.html",
        status=422 if errors else 200,
        contest=contest,
        batch=batch,
        values=dict(typed or {"ballots": await restorations.void_ballots(batch)}),
        errors=errors,
    )


async def _shown(
    request: AnyRequest,
    contest: Contest,
    restoration_id: int,
    award_change: AwardChange,
    *,
    typed: Mapping[str, Any] | None = None,
    errors: tuple[FieldError, ...] = (),
) -> Response[Any]:
    asked = await restorations.get_restoration(contest.id, restoration_id)
    return page(
        request,
        "voting/review/changes/restoration.html",
        status=422 if errors else 200,
        contest=contest,
        asked=asked,
        batch=await voids.get_batch(contest.id, asked.batch),
        stakes=await restorations.stakes_of(contest, asked, award_change),
        entrants=await contest_service.codes_and_names(contest.id),
        ballots=written(list(asked.ballots)),
        own_proposal=request.user.account_id == asked.proposed_by,
        values=dict(typed or {}),
        errors=errors,
    )


def _address(runtime: Runtime, slug: str, restoration_id: int) -> str:
    return f"{runtime.settings.root_path}/organiser/c/{slug}/restorations/{restoration_id}"
