"""The organiser's side of judging: the panel, absences, corrections, sheets on paper.

For programs (JSON or form, JSON answers):

    POST /organiser/c/{slug}/panel                    {judges: [account id, …]}
    POST /organiser/c/{slug}/panel/{number}/dismiss   no body
    POST /organiser/c/{slug}/panel/{number}/absent    {round, code, reason}; no code: all
    POST /organiser/c/{slug}/panel/{number}/unsigned  {round, reason}
    POST /organiser/c/{slug}/changes/{id}             {decision: approve | refuse, reason}
"""

import re
from collections.abc import Mapping
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from accounts import service as accounts
from accounts.people.rules import Role
from core.i18n import _
from core.problems import Invalid, Problem
from core.web.forms import FormReader
from core.web.openapi import takes
from core.web.pages import AnyRequest, wants_page
from scoring.judging import change_notification
from scoring.judging.context import ContestContext, provide_contest_context
from scoring.judging.panel import service as panel
from scoring.judging.panel.service import BEFORE_JUDGING
from scoring.judging.sheets import absence, corrections
from scoring.judging.sheets.history import proposed_changes, sheet_history
from scoring.judging.snapshot import read_snapshot
from scoring.judging.web_support import (
    LONGEST_REASON,
    answer,
    judging_page,
    read_codes,
    read_fields,
)

_DECISIONS = ("approve", "refuse")


async def _panel_page(
    request: AnyRequest,
    context: ContestContext,
    typed: Mapping[str, Any],
    problem: Problem | None = None,
) -> Response[Any]:
    snapshot = await read_snapshot(context.contest)
    seated = {judge.seat.account_id for judge in snapshot.judges}
    available = await accounts.accounts_with_role(Role.JUDGE)
    return judging_page(
        request,
        "scoring/judging/panel/panel.html",
        problem=problem,
        contest=context.contest,
        snapshot=snapshot,
        rules=snapshot.rules,
        available=[one for one in available if one.id not in seated],
        before_judging=context.contest.phase in BEFORE_JUDGING,
        changes=await proposed_changes(context.contest),
        typed=typed,
    )


def _kept(typed: Mapping[str, Any], act: str, number: int) -> dict[str, Any]:
    """What was typed, and in which of the page's many forms, so that it is shown there again."""
    return {**typed, "form": f"{act}/{number}/{typed.get('round', '')}"}


async def _done(request: AnyRequest, context: ContestContext) -> Response[Any]:
    await change_notification.notify(context.runtime.redis, context.contest.id)
    return answer(request, context.runtime, f"/organiser/c/{context.contest.slug}/panel")


_ACCOUNT_ID = re.compile(r"[0-9]{1,9}")


def _account_ids(words: list[str]) -> list[int]:
    """Ids as sent. Whatever is not a number becomes 0, the id of no account."""
    return [int(word) if _ACCOUNT_ID.fullmatch(word) else 0 for word in words]


class PanelPages(Controller):
    path = "/organiser/c/{slug:str}"
    dependencies = {"context": Provide(provide_contest_context)}  # noqa: RUF012 - Litestar's own way

    @get("/panel")
    async def show(
        self, request: AnyRequest, context: NamedDependency[ContestContext]
    ) -> Response[Any]:
        return await _panel_page(request, context, {})

    @post("/panel", operation_class=takes(repeated=("judges",), json=True), status_code=200)
    async def appoint(
        self, request: AnyRequest, context: NamedDependency[ContestContext]
    ) -> Response[Any]:
        chosen = await read_codes(request, "judges")
        try:
            await panel.appoint(context.contest, _account_ids(chosen), context.actor, context.now)
        except Invalid as problem:
            if not wants_page(request):
                raise
            return await _panel_page(request, context, {"judges": chosen}, problem)
        return await _done(request, context)

    @post("/panel/{number:int}/dismiss", status_code=200)
    async def dismiss(
        self, request: AnyRequest, number: FromPath[int], context: NamedDependency[ContestContext]
    ) -> Response[Any]:
        await panel.dismiss(context.contest, number, context.actor, context.now)
        return await _done(request, context)

    @post(
        "/panel/{number:int}/absent",
        operation_class=takes("round", "code", "reason", json=True),
        status_code=200,
    )
    async def absent(
        self, request: AnyRequest, number: FromPath[int], context: NamedDependency[ContestContext]
    ) -> Response[Any]:
        typed = await read_fields(request)
        form = FormReader(typed)
        try:
            round_id = form.text("round", _("轮次"))
            code = form.text("code", _("选手编号"), required=False)
            reason = form.text("reason", _("理由"), longest=LONGEST_REASON)
            form.finish()
            judge = await panel.seat_numbered(context.contest, number)
            await absence.mark_absent(context.contest, judge, round_id, code, reason, context.hand)
        except Invalid as problem:
            if not wants_page(request):
                raise
            return await _panel_page(request, context, _kept(typed, "absent", number), problem)
        return await _done(request, context)

    @post(
        "/panel/{number:int}/unsigned",
        operation_class=takes("round", "reason", json=True),
        status_code=200,
    )
    async def unsigned(
        self, request: AnyRequest, number: FromPath[int], context: NamedDependency[ContestContext]
    ) -> Response[Any]:
        """Propose to lock the complete sheet of a judge who cannot sign."""
        typed = await read_fields(request)
        form = FormReader(typed)
        try:
            round_id = form.text("round", _("轮次"))
            reason = form.text("reason", _("理由"), longest=LONGEST_REASON)
            form.finish()
        except Invalid as problem:
            if not wants_page(request):
                raise
            return await _panel_page(request, context, _kept(typed, "unsigned", number), problem)
        judge = await panel.seat_numbered(context.contest, number)
        await corrections.propose_unsigned_lock(
            context.contest, judge, round_id, reason, context.actor, context.now
        )
        return await _done(request, context)

    @post(
        "/changes/{change_id:int}",
        operation_class=takes("decision", "reason", json=True),
        status_code=200,
    )
    async def decide(
        self,
        request: AnyRequest,
        change_id: FromPath[int],
        context: NamedDependency[ContestContext],
    ) -> Response[Any]:
        """Approve or refuse a proposed version; the proposer and the judge may not."""
        typed = await read_fields(request)
        form = FormReader(typed)
        try:
            approved = form.choice("decision", _("审批结论"), _DECISIONS) == "approve"
            reason = form.text("reason", _("理由"), required=not approved, longest=LONGEST_REASON)
            form.finish()
        except Invalid as problem:
            if not wants_page(request):
                raise
            return await _panel_page(request, context, _kept(typed, "decide", change_id), problem)
        await corrections.decide(
            context.contest, change_id, context.hand, reason, approved=approved
        )
        return await _done(request, context)

    @get("/sheets/{number:int}")
    async def paper(
        self, request: AnyRequest, number: FromPath[int], context: NamedDependency[ContestContext]
    ) -> Response[Any]:
        """One judge's sheets for printing on A4, with lines to sign on."""
        judge = await panel.seat_numbered(context.contest, number)
        snapshot = await read_snapshot(context.contest)
        return judging_page(
            request,
            "scoring/judging/sheets/paper_sheet.html",
            contest=context.contest,
            rules=snapshot.rules,
            judge=judge,
            sheets=snapshot.sheets_of(judge),
            history=await sheet_history(judge),
        )
