"""Budget lines and appropriations: proposed by one person, approved by another."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import asyncpg

from core import audit
from core.audit import Actor
from core.database import db
from core.i18n import _
from core.problems import FieldError, Invalid, NotFound
from core.two_people import already_decided, require_second_person
from fund.books import service as books
from fund.budget import store
from fund.budget.store import NewLine as NewLine
from fund.entitlements import service as entitlements
from fund.entitlements import store as entitlement_store

SOURCES: Mapping[str, str] = {"city": _("市本级财政"), "above": _("上级专项资金")}


async def open_line(new: NewLine, actor: Actor, now: datetime) -> int:
    """A line without money yet; returns its id. Raises Invalid when the year has one of that
    name."""
    async with db.unit_of_work():
        if await store.line_named(new.year, new.name):
            taken = _("%(year)s 年已有同名的预算") % {"year": new.year}
            raise Invalid("line_exists", taken, errors=[FieldError("name", taken)])
        try:
            line = await store.add_line(new, actor, now)
        except asyncpg.UniqueViolationError as error:
            raise books.moved_on() from error
        details = {"year": new.year, "name": new.name, "document": new.document}
        await audit.record(actor, "fund.line_opened", "fund_line", line, now, details)
    return line


async def lines(year: int | None = None) -> list[dict[str, Any]]:
    return await store.lines(year)


async def get_line(number: int) -> dict[str, Any]:
    """Raises NotFound."""
    found = await store.line(number)
    if found is None:
        raise NotFound("no_such_line", _("没有这项预算"))
    return found


async def appropriations(line: int) -> list[dict[str, Any]]:
    """Of one line, newest first; `approved` is None while a proposal waits."""
    return await store.appropriations(line)


async def waiting() -> list[dict[str, Any]]:
    return await store.waiting_appropriations()


async def get_appropriation(number: int) -> dict[str, Any]:
    """Raises NotFound."""
    found = await store.appropriation(number)
    if found is None:
        raise NotFound("no_such_appropriation", _("没有这笔拨款"))
    return found


async def propose(line: int, amount: int, document: str, actor: Actor, now: datetime) -> int:
    """The first person's word that `amount` fen were appropriated. Raises NotFound."""
    await get_line(line)
    async with db.unit_of_work():
        number = await store.add_appropriation(line, amount, document, actor, now)
        details = {"appropriation": number, "amount": amount, "document": document}
        await audit.record(actor, "fund.appropriation_proposed", "fund_line", line, now, details)
    return number


async def decide(number: int, approved: bool, reason: str, actor: Actor, now: datetime) -> int:
    """The second person's answer; an approved appropriation is booked, and whoever waits for
    money is served in turn. Returns the line. Raises NotFound, NotAllowed, or Conflict when it
    was decided before."""
    async with db.unit_of_work():
        found = await get_appropriation(number)
        require_second_person(_("拨款"), actor, {_("提出人"): found["proposed_by"]})
        await entitlement_store.hold_year(found["year"])
        found = await get_appropriation(number)
        if found["approved"] is not None:
            raise already_decided(_("这笔拨款"), found["decided_by_name"])
        await store.decide(number, found["proposed_by"], approved, reason, actor, now)
        if approved:
            await books.appropriate(number, found["line"], found["amount"], actor, now)
            await entitlements.fund_queue(found["year"], actor, now)
        verb = "fund.appropriation_approved" if approved else "fund.appropriation_refused"
        details = {"appropriation": number, "amount": found["amount"], "reason": reason}
        await audit.record(actor, verb, "fund_line", found["line"], now, details)
    return int(found["line"])
