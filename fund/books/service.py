"""Taking steps: the act, the entry that follows from it, both or neither."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from core.audit import Actor
from core.i18n import _
from core.problems import Conflict, NotFound
from fund.books import store
from fund.books.store import NewStep
from fund.rules.books import Account, appropriated, moved
from fund.rules.states import Act, NotPossible, after

MOVED_ON = "moved_on"
RACED = (asyncpg.UniqueViolationError, asyncpg.CheckViolationError)
"""What the database raises for the slower of two who do the same."""


@dataclass(frozen=True)
class Step:
    """An act on one entitlement. ORDER names the new payment, RESERVE the line."""

    entitlement: int
    act: Act
    payment: int | None = None
    line: int | None = None
    reason: str = ""


async def take(steps: Sequence[Step], actor: Actor, now: datetime) -> None:
    """Take one step on each of several entitlements, inside the open unit of work.

    Raises NotFound, Conflict for an act that does not fit where an entitlement is, or for one
    that somebody else has moved on meanwhile.
    """
    # in one order, so that two who take many steps at once wait instead of blocking each other
    ordered = sorted(steps, key=lambda one: one.entitlement)
    known = await store.standings([one.entitlement for one in ordered])
    fresh, entries = [], []
    for one in ordered:
        if one.entitlement not in known:
            raise no_such_entitlement()
        before, amounts = known[one.entitlement]
        try:
            then = after(before, one.act, payment=one.payment, line=one.line)
        except NotPossible as error:
            raise Conflict("not_possible_now", str(error)) from error
        fresh.append(
            NewStep(one.entitlement, then.number, one.act, one.payment, one.line, one.reason)
        )
        if before.state and then.state and then.line:
            postings = moved(then.line, one.entitlement, amounts, before.state, then.state)
            if postings:
                entries.append((one.entitlement, postings))
    try:
        ids = await store.add_steps(fresh, actor, now)
        if entries:
            await store.add_entries([(ids[one], posts) for one, posts in entries], actor, now)
    except RACED as error:
        raise moved_on() from error


def moved_on() -> Conflict:
    """Somebody else acted between the look and the act."""
    return Conflict(MOVED_ON, _("刚才另有办理，情况已经变化，请刷新后再看"))


def no_such_entitlement() -> NotFound:
    return NotFound("no_such_entitlement", _("没有这笔应付款"))


async def appropriate(
    appropriation: int, line: int, amount: int, actor: Actor, now: datetime
) -> None:
    """The entry of an approved appropriation, inside the open unit of work."""
    postings = appropriated(line, amount)
    await store.add_appropriation_entry(appropriation, postings, actor, now)


async def balances(year: int) -> dict[tuple[int, Account], int]:
    return await store.balances(year)


async def steps_of(entitlement: int) -> list[dict[str, Any]]:
    return await store.steps_of(entitlement)


async def differences() -> list[tuple[str, int]]:
    """Where the books do not add up; an empty list is what there should be."""
    return await store.differences()


async def monthly(year: int) -> list[dict[str, Any]]:
    """What each account of a year's lines gained in each month: month, account, amount."""
    return await store.monthly(year)


@dataclass(frozen=True)
class Narrowed:
    """Which postings are asked for; None narrows nothing."""

    line: int | None = None
    account: Account | None = None
    entitlement: int | None = None


async def postings(
    asked: Narrowed, limit: int, offset: int
) -> tuple[list[dict[str, Any]], int, int]:
    """A page of postings, newest first, how many there are, and what all of them add up to."""
    narrowed = {
        "line": asked.line,
        "account": asked.account.value if asked.account else None,
        "entitlement": asked.entitlement,
    }
    rows = await store.postings(**narrowed, limit=limit, offset=offset)  # type: ignore[arg-type]
    number, total = await store.count_postings(**narrowed)  # type: ignore[arg-type]
    return rows, number, total
