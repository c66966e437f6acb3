"""The judge's tablet: marks, submission, and what the host has open.

For programs, every act answers JSON and takes JSON or a form alike:

    GET  /judge/{slug}/state                         what the tablet shows, see `tablet_state`
    PUT  /judge/{slug}/entrants/{code}/marks         {criterion: value, …}, ?sequence=&round=
    POST /judge/{slug}/entrants/{code}/marks         the same, with `act` = save or submit
    POST /judge/{slug}/entrants/{code}/submit        no body, or {round}
    POST /judge/{slug}/entrants/{code}/take-back     no body
    POST /judge/{slug}/entrants/{code}/recuse        {reason}
    WS   /judge/{slug}/ws                            `tablet_state`, again at each change
"""

from collections.abc import AsyncGenerator, Mapping
from typing import Any

from litestar import Controller, Response, WebSocket, get, post, put, websocket_stream
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from accounts.people.rules import Principal
from contest.editions import service as contests
from core.exact import exact_text
from core.problems import Invalid, Problem
from core.runtime import Runtime
from core.web.openapi import takes
from core.web.pages import AnyRequest, is_fragment, wants_page
from scoring.judging import change_notification
from scoring.judging.context import JudgeContext, provide_judge_context
from scoring.judging.panel import service as panel
from scoring.judging.panel.service import Judge
from scoring.judging.sheets import service as sheets
from scoring.judging.sheets.rules.judge_sheet import SheetState
from scoring.judging.sheets.signing import sheet_to_sign
from scoring.judging.snapshot import EntryView, JudgingSnapshot, read_snapshot
from scoring.judging.web_support import answer, judging_page, read_fields, read_reason


def entry_document(entry: EntryView) -> dict[str, Any]:
    """One entrant on the judge's own sheet, as programs see it."""
    return {
        "round": entry.round,
        "code": entry.entrant.code,
        "name": entry.entrant.name,
        "status": entry.status.value,
        "marks": {criterion: exact_text(value) for criterion, value in entry.marks.items()},
        "total": exact_text(entry.total),
        "missing": list(entry.missing),
        "sequence": entry.sequence,
    }


def tablet_state(snapshot: JudgingSnapshot, judge: Judge) -> dict[str, Any]:
    """What one judge's tablet needs: the open entrant and the judge's own sheet, never a
    colleague's mark.

    `to_sign` is the round whose sheet is complete, or "".
    """
    current = _current(snapshot, judge)
    own = snapshot.sheets_of(judge)
    return {
        "phase": snapshot.contest.phase.value,
        "declared": judge.seat.has_declared,
        "current": entry_document(current) if current else None,
        "to_sign": next((s.round for s in own if s.state is SheetState.SUBMITTED), ""),
        "sheets": [{"round": s.round, "state": s.state.value} for s in own],
        "settled": sum(e.status.is_settled for s in own for e in s.entries),
        "entries": sum(len(s.entries) for s in own),
    }


def _current(snapshot: JudgingSnapshot, judge: Judge) -> EntryView | None:
    """The entrant whom the host has open, on this judge's sheet."""
    window = snapshot.open_window
    if window is None:
        return None
    return snapshot.entry(judge, window.round, snapshot.entrant_of(window.entrant_id))


async def _own_state(slug: str, me: Principal) -> dict[str, Any]:
    contest = await contests.get_contest(slug)
    judge = await panel.judge_of(contest, me)
    return tablet_state(await read_snapshot(contest), judge)


async def _tablet(
    request: AnyRequest,
    context: JudgeContext,
    typed: Mapping[str, str] | None = None,
    problem: Problem | None = None,
) -> Response[Any]:
    """The tablet's page, or the part of it that the tablet's own script puts in place."""
    snapshot = await read_snapshot(context.contest)
    name = (
        "scoring/judging/sheets/tablet_part.html"
        if is_fragment(request)
        else "scoring/judging/sheets/tablet.html"
    )
    return judging_page(
        request,
        name,
        problem=problem,
        contest=context.contest,
        rules=snapshot.rules,
        judge=context.judge,
        current=_current(snapshot, context.judge),
        sheets=snapshot.sheets_of(context.judge),
        to_sign=sheet_to_sign(snapshot, context.judge),
        state=tablet_state(snapshot, context.judge),
        typed=typed or {},
    )


async def _done(request: AnyRequest, context: JudgeContext, entry: EntryView) -> Response[Any]:
    """Notify everyone who follows the judging, then answer the judge."""
    await change_notification.notify(context.runtime.redis, context.contest.id)
    path = f"/judge/{context.contest.slug}"
    return answer(request, context.runtime, path, entry_document(entry))


class JudgeTablet(Controller):
    path = "/judge"
    dependencies = {"context": Provide(provide_judge_context)}  # noqa: RUF012 - Litestar's own way

    @get("/")
    async def mine(self, request: AnyRequest, me: NamedDependency[Principal]) -> Response[Any]:
        """The contests on whose panels this judge sits."""
        found = await panel.contests_judged_by(me)
        return judging_page(request, "scoring/judging/sheets/judge_contests.html", contests=found)

    @get("/{slug:str}")
    async def tablet(
        self, request: AnyRequest, context: NamedDependency[JudgeContext]
    ) -> Response[Any]:
        if not context.judge.seat.has_declared:
            path = f"/judge/{context.contest.slug}/conflicts"
            return Redirect(context.runtime.settings.root_path + path, status_code=303)
        return await _tablet(request, context)

    @get("/{slug:str}/state")
    async def state(self, slug: FromPath[str], me: NamedDependency[Principal]) -> dict[str, Any]:
        return await _own_state(slug, me)

    @websocket_stream("/{slug:str}/ws", warn_on_data_discard=False)
    async def socket(
        self,
        socket: WebSocket[Any, Any, Any],
        slug: FromPath[str],
        runtime: NamedDependency[Runtime],
    ) -> AsyncGenerator[dict[str, Any], None]:
        me: Principal = socket.user
        contest = await contests.get_contest(slug)
        await panel.judge_of(contest, me)
        async for state in change_notification.watch(
            runtime.redis, contest.id, lambda: _own_state(slug, me)
        ):
            yield state

    @put("/{slug:str}/entrants/{code:str}/marks", operation_class=takes(others=True, json=True))
    async def save(
        self,
        request: AnyRequest,
        code: FromPath[str],
        context: NamedDependency[JudgeContext],
        sequence: FromQuery[int | None] = None,
        round: FromQuery[str] = "",  # noqa: A002 - the name in the address
    ) -> dict[str, Any]:
        """Save marks at once; safe to repeat, see `sheets.save_marks`."""
        entry = await sheets.save_marks(
            context.contest,
            context.judge,
            code,
            await read_fields(request),
            context.now,
            sequence=sequence,
            round_id=round,
        )
        await change_notification.notify(context.runtime.redis, context.contest.id)
        return entry_document(entry)

    @post(
        "/{slug:str}/entrants/{code:str}/marks",
        operation_class=takes("act", "round", others=True, json=True),
        status_code=200,
    )
    async def save_form(
        self, request: AnyRequest, code: FromPath[str], context: NamedDependency[JudgeContext]
    ) -> Response[Any]:
        """The tablet's whole form, for a browser without JavaScript."""
        typed = await read_fields(request)
        marks = {name: text for name, text in typed.items() if name not in ("act", "round")}
        round_id = typed.get("round", "")
        try:
            entry = await sheets.save_marks(
                context.contest, context.judge, code, marks, context.now, round_id=round_id
            )
            if typed.get("act") == "submit":
                entry = await sheets.submit(
                    context.contest,
                    context.judge,
                    code,
                    context.actor,
                    context.now,
                    round_id=round_id,
                )
        except Invalid as problem:
            if not wants_page(request):
                raise
            return await _tablet(request, context, typed, problem)
        return await _done(request, context, entry)

    @post(
        "/{slug:str}/entrants/{code:str}/submit",
        operation_class=takes("round", json=True),
        status_code=200,
    )
    async def submit(
        self, request: AnyRequest, code: FromPath[str], context: NamedDependency[JudgeContext]
    ) -> Response[Any]:
        round_id = (await read_fields(request)).get("round", "")
        entry = await sheets.submit(
            context.contest, context.judge, code, context.actor, context.now, round_id=round_id
        )
        return await _done(request, context, entry)

    @post("/{slug:str}/entrants/{code:str}/take-back", status_code=200)
    async def take_back(
        self, request: AnyRequest, code: FromPath[str], context: NamedDependency[JudgeContext]
    ) -> Response[Any]:
        entry = await sheets.take_back(
            context.contest, context.judge, code, context.actor, context.now
        )
        return await _done(request, context, entry)

    @post(
        "/{slug:str}/entrants/{code:str}/recuse",
        operation_class=takes("reason", json=True),
        status_code=200,
    )
    async def recuse(
        self, request: AnyRequest, code: FromPath[str], context: NamedDependency[JudgeContext]
    ) -> Response[Any]:
        typed = await read_fields(request)
        try:
            reason = read_reason(typed)
        except Invalid as problem:
            if not wants_page(request):
                raise
            return await _tablet(request, context, typed, problem)
        entry = await sheets.recuse(
            context.contest, context.judge, code, reason, context.actor, context.now
        )
        return await _done(request, context, entry)
