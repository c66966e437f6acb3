"""The host's run of show: whom to call next, opening and closing, who is still marking.

For programs (JSON or form, JSON answers):

    GET  /host/{slug}/state      the room, see `room_document`
    POST /host/{slug}/open       {code, round, reason}; round and reason may be left out
    POST /host/{slug}/close      {code, confirmed}; `code`: whom the host saw open; without
                                 `confirmed` refused while judges still mark
    POST /host/{slug}/order      {round, codes: [code, …]}
    WS   /host/{slug}/ws         `room_document`, again at each change
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
from scoring.judging import change_notification as doorbell
from scoring.judging.context import Room, provide_room
from scoring.judging.forms import LONGEST_REASON, answer, read_codes, read_fields
from scoring.judging.rules.judge_sheet import SheetState
from scoring.judging.running_order import service as floor
from scoring.judging.service import state_from
from scoring.judging.snapshot import JudgingBook, read_book
from scoring.judging.web_pages import judging_page


def room_document(book: JudgingBook) -> dict[str, Any]:
    """The room without a single mark: the host announces, and must not know the scores."""
    state = state_from(book)
    return {
        "phase": book.contest.phase.value,
        "round": state.round,
        "current": state.entrant.code if state.entrant else None,
        "waiting_for": [judge.name for judge in state.waiting_for],
        "judges": len(book.judges),
        "next": {
            "act": state.next_step.kind.value,
            "round": state.next_step.turn.round if state.next_step.turn else "",
            "code": state.next_step.turn.code if state.next_step.turn else "",
        },
        "turns": [
            {"round": turn.round, "code": turn.code, "state": turn.state.value}
            for turn in state.turns
        ],
        "unsigned": [
            sheet.judge.name for sheet in book.sheets() if sheet.state is not SheetState.LOCKED
        ],
    }


async def _room_page(
    request: AnyRequest, room: Room, typed: Mapping[str, str], problem: Problem | None = None
) -> Response[Any]:
    book = await read_book(room.contest)
    state = state_from(book)
    name = (
        "scoring/judging/running_order/host_part.html"
        if is_fragment(request)
        else "scoring/judging/running_order/host.html"
    )
    return judging_page(
        request,
        name,
        problem=problem,
        contest=room.contest,
        book=book,
        rounds={one.id: one.name for one in book.rules.rounds},
        entrants={one.code: one for one in book.entrants},
        state=state,
        judging=room.contest.phase is Phase.JUDGING,
        typed=typed,
        refusal=problem,
    )


async def _room_state(slug: str) -> dict[str, Any]:
    return room_document(await read_book(await contests.get_contest(slug)))


async def _done(request: AnyRequest, room: Room) -> Response[Any]:
    await doorbell.ring(room.runtime.redis, room.contest.id)
    document = await _room_state(room.contest.slug)
    return answer(request, room.runtime, f"/host/{room.contest.slug}", document)


class RunOfShow(Controller):
    path = "/host"
    dependencies = {"room": Provide(provide_room)}  # noqa: RUF012 - Litestar's own way

    @get("/")
    async def contests_to_host(self, request: AnyRequest) -> Response[Any]:
        """Contests that seat judges and have not ended."""
        found = [one for one in await contests.list_contests() if _to_host(one)]
        return judging_page(
            request, "scoring/judging/running_order/host_contests.html", contests=found
        )

    @get("/{slug:str}")
    async def run_of_show(self, request: AnyRequest, room: NamedDependency[Room]) -> Response[Any]:
        return await _room_page(request, room, {})

    @get("/{slug:str}/state")
    async def state(self, slug: FromPath[str]) -> dict[str, Any]:
        return await _room_state(slug)

    @websocket_stream("/{slug:str}/ws", warn_on_data_discard=False)
    async def socket(
        self, slug: FromPath[str], runtime: NamedDependency[Runtime]
    ) -> AsyncGenerator[dict[str, Any], None]:
        contest = await contests.get_contest(slug)
        async for state in doorbell.watch(runtime.redis, contest.id, lambda: _room_state(slug)):
            yield state

    @post(
        "/{slug:str}/open",
        operation_class=takes("code", "round", "reason", json=True),
        status_code=200,
    )
    async def open(self, request: AnyRequest, room: NamedDependency[Room]) -> Response[Any]:
        typed = await read_fields(request)
        form = FormReader(typed)
        try:
            code = form.text("code", _("选手编号"))
            round_id = form.text("round", _("轮次"), required=False)
            reason = form.text("reason", _("理由"), required=False, longest=LONGEST_REASON)
            form.finish()
            await floor.open_entrant(
                room.contest, code, room.actor, room.now, round_id=round_id, reason=reason
            )
        except (Invalid, Conflict) as problem:
            if not wants_page(request):
                raise
            return await _room_page(request, room, typed, problem)
        return await _done(request, room)

    @post(
        "/{slug:str}/close", operation_class=takes("code", "confirmed", json=True), status_code=200
    )
    async def close(self, request: AnyRequest, room: NamedDependency[Room]) -> Response[Any]:
        typed = await read_fields(request)
        try:
            form = FormReader(typed)
            code = form.text("code", _("选手编号"), required=False)
            confirmed = form.flag("confirmed")
            form.finish()
            await floor.close_entrant(
                room.contest, room.actor, room.now, confirmed=confirmed, code=code
            )
        except (Invalid, Conflict) as problem:
            if not wants_page(request):
                raise
            return await _room_page(request, room, typed, problem)
        return await _done(request, room)

    @post(
        "/{slug:str}/order",
        operation_class=takes("round", repeated=("codes",), json=True),
        status_code=200,
    )
    async def order(self, request: AnyRequest, room: NamedDependency[Room]) -> Response[Any]:
        typed = await read_fields(request)
        form = FormReader(typed)
        try:
            round_id = form.text("round", _("轮次"))
            form.finish()
            codes = await read_codes(request, "codes")
            await floor.set_order(room.contest, round_id, codes, room.actor, room.now)
        except (Invalid, Conflict) as problem:
            if not wants_page(request):
                raise
            return await _room_page(request, room, typed, problem)
        return await _done(request, room)


def _to_host(contest: Contest) -> bool:
    return contest.rulebook.judging is not None and contest.phase is not Phase.FINAL
