"""Fraud cases for organisers and auditors: what was found, its charts, and what follows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from markupsafe import Markup

from contest.editions import service as contest_service
from contest.editions.rules.contest import Contest
from contest.entrants.service import codes_and_names
from core.audit import Actor
from core.problems import FieldError, Invalid
from core.runtime import Runtime
from core.web.openapi import takes
from core.web.pages import AnyRequest, page
from voting.ledger.rules.sequences import written
from voting.review.cases import service as cases
from voting.review.cases.forms import read_dismissal
from voting.review.cases.rules import words as case_words
from voting.review.changes import service as changes
from voting.review.changes.forms import read_proposal
from voting.review.changes.impact import CLOSED, AwardChange
from voting.review.detectors.thresholds import DEFAULT, REASONS


class CasePages(Controller):
    path = "/organiser/c/{slug:str}/cases"

    @get("/")
    async def overview(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        award_change: NamedDependency[AwardChange],
    ) -> Response[Any]:
        """Open cases by urgency: first those that would change an award, then those that would
        move somebody while awards cannot be told yet."""
        contest = await contest_service.get_contest(slug)
        found = await cases.of_contest(contest.id)
        waiting = [one for one in found if one.open]
        impacts = await cases.impacts_of(contest, waiting, award_change)
        found.sort(key=lambda one: impacts[one.id].urgency if one.open else CLOSED)
        return page(
            request,
            "voting/review/cases/cases.html",
            contest=contest,
            cases=found,
            impacts=impacts,
            voids={one.id: one for one in await changes.voids(contest.id)},
            entrants=await codes_and_names(contest.id),
            detectors=case_words.DETECTOR_NAMES,
            thresholds=[(reason, getattr(DEFAULT, name)) for name, reason in REASONS.items()],
            looked=request.query_params.get("looked", ""),
        )

    @post("/look", status_code=303)
    async def look(
        self,
        slug: FromPath[str],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        runtime: NamedDependency[Runtime],
    ) -> Redirect:
        """Run the detectors now, instead of waiting for the next quarter of an hour."""
        contest = await contest_service.get_contest(slug)
        new = await cases.look(contest, now, actor) if contest.rulebook.voting else 0
        path = f"{runtime.settings.root_path}/organiser/c/{slug}/cases?looked={new}"
        return Redirect(path, status_code=303)

    @get("/{case_id:int}")
    async def case(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        case_id: FromPath[int],
        award_change: NamedDependency[AwardChange],
    ) -> Response[Any]:
        contest = await contest_service.get_contest(slug)
        return await _case_page(request, contest, case_id, award_change)

    @post("/{case_id:int}/dismiss", operation_class=takes("why"), status_code=303)
    async def dismiss(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        case_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        runtime: NamedDependency[Runtime],
        award_change: NamedDependency[AwardChange],
    ) -> Response[Any]:
        contest = await contest_service.get_contest(slug)
        form = await request.form()
        try:
            reason = read_dismissal(form)
        except Invalid as problem:
            return await _case_page(
                request, contest, case_id, award_change, typed=form, errors=problem.errors
            )
        await cases.dismiss(contest, case_id, reason, actor, now)
        path = f"{runtime.settings.root_path}/organiser/c/{slug}/cases/{case_id}"
        return Redirect(path, status_code=303)

    @post(
        "/{case_id:int}/propose",
        operation_class=takes("ballots", "rule", "reason"),
        status_code=303,
    )
    async def propose(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        case_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        runtime: NamedDependency[Runtime],
        award_change: NamedDependency[AwardChange],
    ) -> Response[Any]:
        contest = await contest_service.get_contest(slug)
        form = await request.form()
        try:
            void = await cases.propose(contest, case_id, read_proposal(form), actor, now)
        except Invalid as problem:
            return await _case_page(
                request, contest, case_id, award_change, typed=form, errors=problem.errors
            )
        path = f"{runtime.settings.root_path}/organiser/c/{slug}/voids/{void}"
        return Redirect(path, status_code=303)


async def _case_page(
    request: AnyRequest,
    contest: Contest,
    case_id: int,
    award_change: AwardChange,
    *,
    typed: Mapping[str, Any] | None = None,
    errors: tuple[FieldError, ...] = (),
) -> Response[Any]:
    case = await cases.get_case(contest.id, case_id)
    ballots = await cases.ballots_of(case)
    entrants = await codes_and_names(contest.id)
    code, name = entrants[case.entrant_id]
    beginning = datetime.fromisoformat(case.chart["beginning"])
    time_chart = case_words.time_chart(case.chart, beginning, f"{code} {name}")
    return page(
        request,
        "voting/review/cases/case.html",
        status=422 if errors else 200,
        contest=contest,
        case=case,
        code=code,
        entrant_name=name,
        ballots=ballots,
        findings=[
            (
                case_words.DETECTOR_NAMES[one["detector"]],
                case_words.sentence(one),
                case_words.chance(one["q"]),
            )
            for one in case.findings
        ],
        entrants=entrants,
        void=case.void and await changes.get_void(contest.id, case.void),
        impacts=await cases.impacts_of(contest, [case] if case.open else [], award_change),
        # our own charts, in which every word is escaped
        time_chart=Markup(time_chart),  # noqa: S704
        signal_chart=Markup(case_words.signal_chart(case.chart)),  # noqa: S704
        values=dict(typed or {"ballots": written(list(ballots.countable))}),
        errors=errors,
    )
