"""The judge's own sheet: conflicts declared, signing with the PIN, print, corrections.

For programs (JSON or form, JSON answers):

    POST /judge/{slug}/conflicts      {declared: true, conflict_003: true, reason_003: "…"}
    POST /judge/{slug}/sign           {pin, confirmed}; signs the next complete sheet
    POST /judge/{slug}/corrections    {round, code, reason, recused, mark_<criterion>: value}
"""

from collections.abc import Mapping
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide

from contest.editions.rules.contest import Phase
from core.i18n import _
from core.problems import FieldError, Invalid, Problem
from core.web.forms import FormReader
from core.web.openapi import takes
from core.web.pages import AnyRequest, wants_page
from scoring.judging import change_notification
from scoring.judging.context import JudgeContext, provide_judge_context
from scoring.judging.panel import service as panel
from scoring.judging.panel.forms import read_conflicts
from scoring.judging.panel.service import BEFORE_JUDGING
from scoring.judging.sheets import corrections, signing
from scoring.judging.sheets.corrections import Correction
from scoring.judging.sheets.history import sheet_history
from scoring.judging.snapshot import read_snapshot
from scoring.judging.web_support import LONGEST_REASON, answer, judging_page, read_fields

MARK_PREFIX = "mark_"


async def _conflicts_page(
    request: AnyRequest,
    context: JudgeContext,
    typed: Mapping[str, str],
    problem: Problem | None = None,
) -> Response[Any]:
    snapshot = await read_snapshot(context.contest)
    return judging_page(
        request,
        "scoring/judging/panel/conflicts.html",
        problem=problem,
        contest=context.contest,
        judge=context.judge,
        entrants=snapshot.entrants,
        fixed=context.judge.seat.has_declared and context.contest.phase not in BEFORE_JUDGING,
        typed=typed,
    )


async def _sign_page(
    request: AnyRequest, context: JudgeContext, problem: Problem | None = None
) -> Response[Any]:
    snapshot = await read_snapshot(context.contest)
    sheet = signing.sheet_to_sign(snapshot, context.judge)
    return judging_page(
        request,
        "scoring/judging/sheets/sign.html",
        problem=problem,
        contest=context.contest,
        rules=snapshot.rules,
        judge=context.judge,
        sheet=sheet,
        reversed=sheet is not None and signing.reverses_the_panel(snapshot, sheet),
        can_sign=context.contest.phase is Phase.JUDGING,
    )


async def _sheet_page(
    request: AnyRequest,
    context: JudgeContext,
    typed: Mapping[str, str],
    problem: Problem | None = None,
) -> Response[Any]:
    snapshot = await read_snapshot(context.contest)
    return judging_page(
        request,
        "scoring/judging/sheets/own_sheet.html",
        problem=problem,
        contest=context.contest,
        rules=snapshot.rules,
        judge=context.judge,
        sheets=snapshot.sheets_of(context.judge),
        history=await sheet_history(context.judge),
        rounds=[(one.id, one.name) for one in snapshot.rules.rounds],
        codes=[(one.code, f"{one.code} {one.name}") for one in snapshot.entrants],
        correctable=context.contest.phase in corrections.CORRECTABLE,
        typed=typed,
    )


def _read_correction(fields: Mapping[str, str]) -> Correction:
    """Raises Invalid; the marks themselves are checked against the rulebook later."""
    form = FormReader(fields)
    correction = Correction(
        round=form.text("round", _("轮次")),
        code=form.text("code", _("选手编号")),
        typed={
            name.removeprefix(MARK_PREFIX): text
            for name, text in fields.items()
            if name.startswith(MARK_PREFIX)
        },
        recused=form.flag("recused"),
        reason=form.text("reason", _("更正理由"), longest=LONGEST_REASON),
    )
    form.finish()
    return correction


def _in_form(problem: Invalid, context: JudgeContext) -> Invalid:
    """The problem with its marks' errors under the names that the form's fields have."""
    criteria = {one.id for one in panel.judging_rules(context.contest).criteria}
    errors = [
        FieldError(MARK_PREFIX + error.field, error.message) if error.field in criteria else error
        for error in problem.errors
    ]
    return Invalid(problem.code, problem.message, errors=errors)


class JudgeSheet(Controller):
    path = "/judge/{slug:str}"
    dependencies = {"context": Provide(provide_judge_context)}  # noqa: RUF012 - Litestar's own way

    @get("/conflicts")
    async def conflicts(
        self, request: AnyRequest, context: NamedDependency[JudgeContext]
    ) -> Response[Any]:
        return await _conflicts_page(request, context, {})

    @post("/conflicts", operation_class=takes("declared", others=True, json=True), status_code=200)
    async def declare(
        self, request: AnyRequest, context: NamedDependency[JudgeContext]
    ) -> Response[Any]:
        typed = await read_fields(request)
        try:
            reasons = read_conflicts(typed)
            await panel.declare_conflicts(
                context.contest, context.judge, reasons, context.actor, context.now
            )
        except Invalid as problem:
            if not wants_page(request):
                raise
            return await _conflicts_page(request, context, typed, problem)
        await change_notification.notify(context.runtime.redis, context.contest.id)
        return answer(request, context.runtime, f"/judge/{context.contest.slug}")

    @get("/sheet")
    async def sheet(
        self, request: AnyRequest, context: NamedDependency[JudgeContext]
    ) -> Response[Any]:
        """The judge's own sheets with their signed versions; prints on A4."""
        return await _sheet_page(request, context, {})

    @get("/sign")
    async def before_signing(
        self, request: AnyRequest, context: NamedDependency[JudgeContext]
    ) -> Response[Any]:
        return await _sign_page(request, context)

    @post("/sign", operation_class=takes("pin", "confirmed", json=True), status_code=200)
    async def sign(
        self, request: AnyRequest, context: NamedDependency[JudgeContext]
    ) -> Response[Any]:
        form = FormReader(await read_fields(request))
        try:
            pin = form.text("pin", _("PIN 码"), longest=64)
            form.finish()
            version = await signing.sign(
                context.contest, context.judge, pin, context.hand, confirmed=form.flag("confirmed")
            )
        except Invalid as problem:
            if not wants_page(request):
                raise
            return await _sign_page(request, context, problem)
        await change_notification.notify(context.runtime.redis, context.contest.id)
        document = {
            "round": version.round,
            "version": version.signing.version,
            "digest": version.signing.digest,
            "signed_at": version.signing.signed_at,
            "signature": version.signature.hex(),
        }
        return answer(request, context.runtime, f"/judge/{context.contest.slug}/sheet", document)

    @post(
        "/corrections",
        operation_class=takes("round", "code", "recused", "reason", others=True, json=True),
        status_code=200,
    )
    async def correct(
        self, request: AnyRequest, context: NamedDependency[JudgeContext]
    ) -> Response[Any]:
        """Ask for a new version of a locked sheet; the organiser decides."""
        typed = await read_fields(request)
        try:
            correction = _read_correction(typed)
            await corrections.propose_correction(
                context.contest, context.judge, correction, context.actor, context.now
            )
        except Invalid as problem:
            if not wants_page(request):
                raise
            return await _sheet_page(request, context, typed, _in_form(problem, context))
        await change_notification.notify(context.runtime.redis, context.contest.id)
        return answer(request, context.runtime, f"/judge/{context.contest.slug}/sheet")
