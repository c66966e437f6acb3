"""The organiser's side of a result: what it would be now, its diagnostics, and two persons.

For programs (JSON answers; no body, but for the digest where it was looked at):

    POST /organiser/c/{slug}/result/propose   the first person
    POST /organiser/c/{slug}/result/approve   the second person; {result}: the digest seen
"""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from contest.editions import service as contests
from contest.editions.rules.contest import Contest
from core.audit import Actor
from core.i18n import _
from core.problems import Conflict, Problem
from core.runtime import Runtime
from core.web.openapi import asks, takes
from core.web.pages import AnyRequest, page, wants_page
from scoring.engine.data_check import DataError
from scoring.engine.explain import normaliser_words
from scoring.engine.words import problem_sentence
from scoring.judging.web_support import read_fields
from scoring.results import certification
from scoring.results.certification import CERTIFIABLE, ComputedResult
from scoring.results.view import view_of

if TYPE_CHECKING:
    from scoring.engine.diagnostics import Diagnostics

# Anyone who draws again with this seed gets the same panels, and so the same figures.
_SEED = 2026
_RESAMPLES = 100


async def _certify_page(
    request: AnyRequest, contest: Contest, runtime: Runtime, problem: Problem | None = None
) -> Response[Any]:
    try:
        computed = await certification.compute_result(contest, runtime)
    except Conflict as nothing:
        return _nothing_to_score(request, contest, _("核定结果"), problem and nothing)
    result = computed.result
    names = {one.entrant: one.name for one in result.entrants}
    return page(
        request,
        "scoring/results/certify.html",
        status=problem.status if problem else 200,
        problem=problem,
        contest=contest,
        draft=computed,
        view=view_of(contest.rulebook, result),
        gaps=[problem_sentence(one, names.get(one.entrant, "")) for one in result.problems],
        certifiable=contest.phase in CERTIFIABLE,
        proposal=await certification.open_proposal(contest.id),
        certified=await certification.newest(contest.id),
    )


def _nothing_to_score(
    request: AnyRequest, contest: Contest, heading: str, problem: Problem | None = None
) -> Response[Any]:
    return page(
        request,
        "scoring/results/nothing_to_score.html",
        status=problem.status if problem else 200,
        contest=contest,
        heading=heading,
    )


def _done(
    request: AnyRequest, contest: Contest, runtime: Runtime, done: dict[str, Any]
) -> Response[Any]:
    if wants_page(request):
        path = f"{runtime.settings.root_path}/organiser/c/{contest.slug}/result"
        return Redirect(path, status_code=303)
    return Response(done)


class CertifyPages(Controller):
    path = "/organiser/c/{slug:str}"

    @get("/result")
    async def certify_page(
        self, request: AnyRequest, slug: FromPath[str], runtime: NamedDependency[Runtime]
    ) -> Response[Any]:
        return await _certify_page(request, await contests.get_contest(slug), runtime)

    @post("/result/propose", status_code=200)
    async def propose(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        runtime: NamedDependency[Runtime],
    ) -> Response[Any]:
        contest = await contests.get_contest(slug)
        try:
            computed = await certification.propose(contest, actor, now, runtime)
        except Problem as problem:
            if not wants_page(request):
                raise
            return await _certify_page(request, contest, runtime, problem)
        return _done(request, contest, runtime, {"result": computed.digest})

    @post("/result/approve", operation_class=takes("result", json=True), status_code=200)
    async def approve(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        runtime: NamedDependency[Runtime],
    ) -> Response[Any]:
        contest = await contests.get_contest(slug)
        seen = (await read_fields(request)).get("result", "")
        try:
            certified = await certification.approve(contest, actor, now, runtime, seen=seen)
        except Problem as problem:
            if not wants_page(request):
                raise
            return await _certify_page(request, contest, runtime, problem)
        done = {"version": certified.version, "result": certified.result_digest}
        return _done(request, contest, runtime, {**done, "bundle": certified.bundle})

    @get("/diagnostics", operation_class=asks("stability"))
    async def diagnostics_page(
        self, request: AnyRequest, slug: FromPath[str], runtime: NamedDependency[Runtime]
    ) -> Response[Any]:
        """Query `stability=1` also draws panels again, which takes some seconds."""
        contest = await contests.get_contest(slug)
        try:
            computed = await certification.compute_result(contest, runtime)
        except Conflict:
            return _nothing_to_score(request, contest, _("实际权重与稳定性"))
        resamples = _RESAMPLES if request.query_params.get("stability") == "1" else 0
        found = await asyncio.to_thread(_diagnose, contest, computed, resamples)
        return page(
            request,
            "scoring/results/diagnostics.html",
            contest=contest,
            found=found,
            normaliser_words=normaliser_words,
            components={one.id: one.name for one in contest.rulebook.components},
            names={one.entrant: one.name for one in computed.result.entrants},
        )


def _diagnose(contest: Contest, computed: ComputedResult, resamples: int) -> "Diagnostics | None":
    """None while there is nothing to examine: no entrant has a total yet."""
    from scoring.engine.diagnostics import diagnose

    if not any(one.total is not None for one in computed.result.entrants):
        return None
    try:
        return diagnose(contest.rulebook, computed.evidence.data, seed=_SEED, resamples=resamples)
    except DataError:
        return None
