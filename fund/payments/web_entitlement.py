"""One entitlement: where it stands and why, its account, stopping it, correcting it."""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from core.audit import Actor
from core.beijing import beijing_day
from core.crypto import KeyRing
from core.i18n import _
from core.problems import Conflict, Invalid, NotAllowed
from core.runtime import Runtime
from core.web.forms import FormReader
from core.web.openapi import takes
from core.web.pages import AnyRequest, page
from core.web.posted import goto, typed_form
from fund.books import service as books
from fund.budget import service as budget
from fund.entitlements import service as entitlements
from fund.entitlements.withholding import shipped
from fund.in_kind import service as in_kind
from fund.payments import corrections, service
from fund.payments.forms import read_account
from fund.payments.rules import batch_code
from fund.rules.chinese_amount import chinese_amount
from fund.rules.states import ACT_NAMES, HOLDABLE, PAYABLE, STATE_NAMES, Act, State
from fund.web_support import again, read_decision

_PAGE = "fund/entitlements/entitlement.html"


async def _context(number: int, keys: KeyRing, now: datetime) -> dict[str, Any]:
    one = await entitlements.get(number)
    state = one.standing.state
    line = one.standing.line
    queued = state is State.QUEUED
    return {
        "one": one,
        "line": await budget.get_line(line) if line else None,
        "queue": await entitlements.place_in_queue(one) if queued else None,
        "category": shipped().categories[one.tax_category],
        "words": chinese_amount(one.amounts.net),
        "steps": await books.steps_of(number),
        "payee": await service.payee(number, keys),
        "parts": await in_kind.of_entitlement(number),
        "today": beijing_day(now),
        "corrections": await corrections.of_entitlement(number),
        "may_hold": state in HOLDABLE and not one.standing.held,
        "may_enter_account": state in (*PAYABLE, State.QUEUED),
        "may_correct": corrections.POSSIBLE.get(state) if state else None,
        "state_names": STATE_NAMES,
        "act_names": ACT_NAMES,
        "acts_of": Act,
        "batch_code": batch_code,
        "values": {},
        "errors": (),
    }


@get("/fund/entitlements/{entitlement_id:int}")
async def entitlement_page(
    request: AnyRequest,
    entitlement_id: FromPath[int],
    runtime: NamedDependency[Runtime],
    now: NamedDependency[datetime],
) -> Template:
    """Its amounts, source, stages, payments and parts in kind."""
    return page(request, _PAGE, **await _context(entitlement_id, runtime.keys, now))


@post(
    "/fund/entitlements/{entitlement_id:int}/account",
    operation_class=takes("holder", "bank", "number", "number_again"),
)
async def enter_account(
    request: AnyRequest,
    entitlement_id: FromPath[int],
    runtime: NamedDependency[Runtime],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Response[Any]:
    context = await _context(entitlement_id, runtime.keys, now)
    typed = await typed_form(request)
    try:
        account = read_account(FormReader(typed))
        await service.enter_payee(entitlement_id, account, runtime.keys, actor, now)
    except (Invalid, Conflict) as problem:
        return again(request, _PAGE, problem, typed, **context)
    return goto(request, f"/fund/entitlements/{entitlement_id}")


@post("/fund/entitlements/{entitlement_id:int}/hold", operation_class=takes("hold_reason"))
async def hold(
    request: AnyRequest,
    entitlement_id: FromPath[int],
    runtime: NamedDependency[Runtime],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Form: hold_reason."""
    context = await _context(entitlement_id, runtime.keys, now)
    typed = await typed_form(request)
    try:
        reason = _reason(typed, "hold_reason")
        await entitlements.hold(entitlement_id, reason, actor, now)
    except (Invalid, Conflict) as problem:
        return again(request, _PAGE, problem, typed, **context)
    return goto(request, f"/fund/entitlements/{entitlement_id}")


@post("/fund/entitlements/{entitlement_id:int}/release", operation_class=takes("release_reason"))
async def release(
    request: AnyRequest,
    entitlement_id: FromPath[int],
    runtime: NamedDependency[Runtime],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Form: release_reason."""
    context = await _context(entitlement_id, runtime.keys, now)
    typed = await typed_form(request)
    try:
        reason = _reason(typed, "release_reason")
        await entitlements.release(entitlement_id, reason, actor, now)
    except (Invalid, Conflict) as problem:
        return again(request, _PAGE, problem, typed, **context)
    return goto(request, f"/fund/entitlements/{entitlement_id}")


@post(
    "/fund/entitlements/{entitlement_id:int}/corrections",
    operation_class=takes("correction_reason"),
)
async def propose_correction(
    request: AnyRequest,
    entitlement_id: FromPath[int],
    runtime: NamedDependency[Runtime],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Form: correction_reason. What is proposed follows from where the entitlement stands."""
    context = await _context(entitlement_id, runtime.keys, now)
    typed = await typed_form(request)
    try:
        reason = _reason(typed, "correction_reason")
        await corrections.propose(entitlement_id, reason, actor, now)
    except (Invalid, Conflict) as problem:
        return again(request, _PAGE, problem, typed, **context)
    return goto(request, f"/fund/entitlements/{entitlement_id}")


def _reason(typed: dict[str, Any], field: str) -> str:
    form = FormReader(typed)
    reason = form.text(field, _("理由"), longest=500)
    form.finish()
    return reason


@post("/fund/corrections/{correction_id:int}/decision", operation_class=takes("verdict", "reason"))
async def decide_correction(
    request: AnyRequest,
    correction_id: FromPath[int],
    runtime: NamedDependency[Runtime],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Form: verdict ("approve" or "refuse"), reason (when refused)."""
    entitlement_id = await corrections.entitlement_of(correction_id)
    typed = await typed_form(request)
    try:
        form = FormReader(typed)
        approved, reason = read_decision(form)
        form.finish()
        await corrections.decide(correction_id, approved, reason, actor, now)
    except (Invalid, Conflict, NotAllowed) as problem:
        context = await _context(entitlement_id, runtime.keys, now)
        return again(request, _PAGE, problem, typed, **context)
    return goto(request, f"/fund/entitlements/{entitlement_id}")


ROUTES = (
    entitlement_page,
    enter_account,
    hold,
    release,
    propose_correction,
    decide_correction,
)
