"""Correcting what a payment came to: one person proposes, another decides."""

from datetime import datetime
from typing import Any

from core import audit
from core.audit import Actor
from core.database import db
from core.i18n import _
from core.problems import Conflict, NotFound
from core.two_people import already_decided, require_second_person
from fund.books import service as books
from fund.books.service import Step
from fund.entitlements import service as entitlements
from fund.payments import store_batches
from fund.rules.states import Act, State

# What can be corrected in which state.
POSSIBLE = {State.PAID: Act.REVERSE, State.FAILED: Act.CONFIRM}


async def of_entitlement(entitlement: int) -> list[dict[str, Any]]:
    return await store_batches.corrections(entitlement)


async def waiting() -> list[dict[str, Any]]:
    return await store_batches.waiting_corrections()


async def propose(entitlement: int, reason: str, actor: Actor, now: datetime) -> int:
    """Propose that a paid entitlement's money came back, or that a failed payment arrived after
    all. Raises NotFound or Conflict."""
    async with db.unit_of_work():
        found = await entitlements.get(entitlement)
        standing = found.standing
        if standing.state not in POSSIBLE or standing.payment is None:
            raise Conflict("nothing_to_correct", _("只有已付或付款失败的款项可以更正"))
        await store_batches.hold_correcting(entitlement)
        before = await store_batches.corrections(entitlement)
        if any(one["approved"] is None for one in before):
            raise Conflict("correction_waits", _("已有一项更正等待复核"))
        act = POSSIBLE[standing.state]
        number = await store_batches.add_correction(standing.payment, act, reason, actor, now)
        details = {"act": act.value, "reason": reason}
        await audit.record(
            actor, "payment.correction_proposed", "entitlement", entitlement, now, details
        )
    return number


async def entitlement_of(number: int) -> int:
    """Raises NotFound."""
    found = await store_batches.correction(number)
    if found is None:
        raise NotFound("no_such_correction", _("没有这项更正"))
    return int(found["entitlement"])


async def decide(number: int, approved: bool, reason: str, actor: Actor, now: datetime) -> int:
    """The second person's answer; an approved correction is booked. Returns the entitlement.
    Raises NotFound, NotAllowed, or Conflict."""
    async with db.unit_of_work():
        found = await store_batches.correction(number)
        if found is None:
            raise NotFound("no_such_correction", _("没有这项更正"))
        require_second_person(_("更正"), actor, {_("提出人"): found["proposed_by"]})
        await store_batches.hold_correcting(found["entitlement"])
        found = await store_batches.correction(number) or found
        if found["approved"] is not None:
            raise already_decided(_("这项更正"), found["decided_by_name"])
        await store_batches.decide_correction(
            number, found["proposed_by"], approved, reason, actor, now
        )
        if approved:
            step = Step(found["entitlement"], Act(found["act"]), found["payment"])
            await books.take([step], actor, now)
        verb = "payment.correction_approved" if approved else "payment.correction_refused"
        details = {"act": found["act"], "reason": reason}
        await audit.record(actor, verb, "entitlement", found["entitlement"], now, details)
    return int(found["entitlement"])
