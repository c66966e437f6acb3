"""The host's pages: whom to call next, opening and closing, who is still marking.

For programs (JSON or form, JSON answers):

    GET  /host/{slug}/state      see `host_document`
    POST /host/{slug}/open       {code, round, reason}; round and reason may be left out
    POST /host/{slug}/close      {code, confirmed}; `code`: whom the host saw open; without
                                 `confirmed` refused while judges still mark
    POST /host/{slug}/order      {round, codes: [code, …]}
    WS   /host/{slug}/ws         `host_document`, again at each change
"""

from collections.abc import AsyncGenerator, Mapping
from typing import Any

from litestar import Controller, Response, get, post, websocket_stream
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from contest.editions import service as contests
from contest.editions.rules.contest import Contest, Phase
from core.i18n import _
from core.problems import Conflict, Invalid, Problem
from core.runtime import Runtime
from core.web.forms import FormReader
from core.web.openapi import takes
from core.web.pages import AnyRequest, is_fragment, wants_page
from scoring.judging import change_notification
from scoring.judging.context import ContestContext, provide_contest_context
from scoring.judging.running_order import service as running_order
from scoring.judging.service import state_from
from scoring.judging.sheets.rules.judge_sheet import SheetState
from scoring.judging.snapshot import JudgingSnapshot, read_snapshot
from scoring.judging.web_support import (
    LONGEST_REASON,
    answer,
    judging_page,
    read_codes,
    read_fields,
)


def host_document(snapshot: JudgingSnapshot) -> dict[str, Any]:
    """Where the judging is, without any mark: the host announces entrants and must not know the
    scores."""
    state = state_from(snapshot)
    return {
        "phase": snapshot.contest.phase.value,
        "round": state.round,
        "current": state.entrant.code if state.entrant else None,
        "waiting_for": [judge.name for judge in state.waiting_for],
        "judges": len(snapshot.judges),
        "next": {
            "act": state.next_act.kind.value,
            "round": state.next_act.turn.round if state.next_act.turn else "",
            "code": state.next_act.turn.code if state.next_act.turn else "",
        },
        "turns": [
            {"round": turn.round, "code": turn.code, "state": turn.state.value}
            for turn in state.turns
        ],
        "unsigned": [
            sheet.judge.name for sheet in snapshot.sheets() if sheet.state is not SheetState.LOCKED
        ],
    }


async def _host_page(
    request: AnyRequest,
    context: ContestContext,
    typed: Mapping[str, str],
    problem: Problem | None = None,
) -> Response[Any]:
    snapshot = await read_snapshot(context.contest)
    state = state_from(snapshot)
    name = (
        "scoring/judging/running_order/host_part.html"
        if is_fragment(request)
        else "scoring/judging/running_order/host.html"
    )
    return judging_page(
        request,
        name,
        problem=problem,
        contest=context.contest,
        snapshot=snapshot,
        rounds={one.id: one.name for one in snapshot.rules.rounds},
        entrants={one.code: one for one in snapshot.entrants},
        state=state,
        judging=context.contest.phase is Phase.JUDGING,
        typed=typed,
        refusal=problem,
    )


async def _state_of(slug: str) -> dict[str, Any]:
    return host_document(await read_snapshot(await contests.get_contest(slug)))


async def _done(request: AnyRequest, context: ContestContext) -> Response[Any]:
    await change_notification.notify(context.runtime.redis, context.contest.id)
    document = await _state_of(context.contest.slug)
    return answer(request, context.runtime, f"/host/{context.contest.slug}", document)


class RunningOrderPages(Controller):
    path = "/host"
    dependencies = {"context": Provide(provide_contest_context)}  # noqa: RUF012 - Litestar's own way

    @get("/")
    async def contests_to_host(self, request: AnyRequest) -> Response[Any]:
        """Contests that seat judges and have not ended."""
        found = [one for one in await contests.list_contests() if _to_host(one)]
        return judging_page(
            request, "scoring/judging/running_order/host_contests.html", contests=found
        )

    @get("/{slug:str}")
    async def host(
        self, request: AnyRequest, context: NamedDependency[ContestContext]
    ) -> Response[Any]:
        return await _host_page(request, context, {})

    @get("/{slug:str}/state")
    async def state(self, slug: FromPath[str]) -> dict[str, Any]:
        return await _state_of(slug)

    @websocket_stream("/{slug:str}/ws", warn_on_data_discard=False)
    async def socket(
        self, slug: FromPath[str], runtime: NamedDependency[Runtime]
    ) -> AsyncGenerator[dict[str, Any], None]:
        contest = await contests.get_contest(slug)
        async for state in change_notification.watch(
            runtime.redis, contest.id, lambda: _state_of(slug)
        ):
            yield state

    @post(
        "/{slug:str}/open",
        operation_class=takes("code", "round", "reason", json=True),
        status_code=200,
    )
    async def open(
        self, request: AnyRequest, context: NamedDependency[ContestContext]
    ) -> Response[Any]:
        typed = await read_fields(request)
        form = FormReader(typed)
        try:
            code = form.text("code", _("选手编号"))
            round_id = form.text("round", _("轮次"), required=False)
            reason = form.text("reason", _("理由"), required=False, longest=LONGEST_REASON)
            form.finish()
            await running_order.open_entrant(
                context.contest, code, context.actor, context.now, round_id=round_id, reason=reason
            )
        except (Invalid, Conflict) as problem:
            if not wants_page(request):
                raise
            return await _host_page(request, context, typed, problem)
        return await _done(request, context)

    @post(
        "/{slug:str}/close", operation_class=takes("code", "confirmed", json=True), status_code=200
    )
    async def close(
        self, request: AnyRequest, context: NamedDependency[ContestContext]
    ) -> Response[Any]:
        typed = await read_fields(request)
        try:
            form = FormReader(typed)
            code = form.text("code", _("选手编号"), required=False)
            confirmed = form.flag("confirmed")
            form.finish()
            await running_order.close_entrant(
                context.contest, context.actor, context.now, confirmed=confirmed, code=code
            )
        except (Invalid, Conflict) as problem:
            if not wants_page(request):
                raise
            return await _host_page(request, context, typed, problem)
        return await _done(request, context)

    @post(
        "/{slug:str}/order",
        operation_class=takes("round", repeated=("codes",), json=True),
        status_code=200,
    )
    async def order(
        self, request: AnyRequest, context: NamedDependency[ContestContext]
    ) -> Response[Any]:
        typed = await read_fields(request)
        form = FormReader(typed)
        try:
            round_id = form.text("round", _("轮次"))
            form.finish()
            codes = await read_codes(request, "codes")
            await running_order.set_order(
                context.contest, round_id, codes, context.actor, context.now
            )
        except (Invalid, Conflict) as problem:
            if not wants_page(request):
                raise
            return await _host_page(request, context, typed, problem)
        return await _done(request, context)


def _to_host(contest: Contest) -> bool:
    return contest.rulebook.judging is not None and contest.phase is not Phase.FINAL
