"""The fund at a glance: what each line holds, and what waits for somebody."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from core.audit import Actor
from fund.books import service as books
from fund.budget import service as budget
from fund.entitlements import store as entitlement_store
from fund.overview.rules import MonthEnd, month_ends
from fund.payments import corrections, store_batches
from fund.payments.store_batches import Batch
from fund.rules.books import Account

_BATCHES_LOOKED_AT = 100


@dataclass(frozen=True)
class LineState:
    """A budget line and what its accounts hold, in fen."""

    line: dict[str, Any]
    held: dict[Account, int]

    @property
    def appropriated(self) -> int:
        return -self.held[Account.APPROPRIATED]


@dataclass(frozen=True)
class Year:
    """The lines of a year, who waits for money (how many, how much), the ends of its months,
    and whether the books add up (`differences` is empty when they do)."""

    year: int
    lines: list[LineState]
    queued: tuple[int, int]
    months: list[MonthEnd]
    differences: list[tuple[str, int]]


async def lines_of(year: int) -> list[LineState]:
    held = await books.balances(year)
    return [
        LineState(line, {account: held.get((line["id"], account), 0) for account in Account})
        for line in await budget.lines(year)
    ]


async def year(number: int, today: date) -> Year:
    return Year(
        number,
        await lines_of(number),
        await entitlement_store.queued(number),
        month_ends(await books.monthly(number), number, today),
        await books.differences(),
    )


@dataclass(frozen=True)
class Tasks:
    """What waits for a person of finance, the longest wait first."""

    appropriations: list[dict[str, Any]]
    corrections: list[dict[str, Any]]
    to_check: list[Batch]
    to_send: list[Batch]
    to_answer: list[Batch]

    def __bool__(self) -> bool:
        return any(vars(self).values())


async def tasks(actor: Actor) -> Tasks:
    """What waits, without what `actor` may not do because of an earlier part in it."""
    me = actor.account_id
    recent = (await store_batches.batches(_BATCHES_LOOKED_AT, 0))[::-1]
    return Tasks(
        [one for one in await budget.waiting() if one["proposed_by"] != me],
        [one for one in await corrections.waiting() if one["proposed_by"] != me],
        [one for one in recent if one.approved is None and one.made_by != me],
        [
            one
            for one in recent
            if one.approved and not one.sent_at and me not in (one.made_by, one.decided_by)
        ],
        [one for one in recent if one.waiting],
    )
