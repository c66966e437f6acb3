"""Entitlements: recorded once for each key, funded in the order of their approval.

A certified result or an approved claim records what is owed inside its own unit of work, so
that a result without its entitlements, or the reverse, cannot be.
"""

from collections.abc import Sequence
from datetime import datetime

from core import audit
from core.audit import Actor
from core.beijing import beijing_day
from core.database import db
from core.i18n import _
from core.problems import Conflict, Invalid
from fund.books import service as books
from fund.books.service import Step
from fund.entitlements import store
from fund.entitlements.store import Filters as Filters
from fund.entitlements.withholding import shipped
from fund.in_kind import store as in_kind_store
from fund.rules.books import Account
from fund.rules.entitlement import Entitlement, NewEntitlement
from fund.rules.queue import fundable
from fund.rules.states import CANCELLABLE, Act, State
from fund.rules.tax import NoRateError

_AT_A_TIME = 50


async def entitle(
    orders: Sequence[NewEntitlement], actor: Actor, now: datetime
) -> list[Entitlement]:
    """`entitle_within` in a unit of work of its own."""
    async with db.unit_of_work():
        return await entitle_within(orders, actor, now)


async def entitle_within(
    orders: Sequence[NewEntitlement], actor: Actor, now: datetime
) -> list[Entitlement]:
    """Record what is owed, inside the caller's unit of work, and set money aside for it as far
    as there is any; whoever it does not reach waits in the queue.

    The order of `orders` is the order of the queue. A key that is recorded already changes
    nothing when it says the same; one that was cancelled comes back to life. Raises Conflict
    for a key that says something else, Invalid for a tax category without a rate.
    """
    for year in sorted({one.year for one in orders}):
        await store.hold_year(year)
    for one in orders:
        await _record(one, actor, now)
    for year in sorted({one.year for one in orders}):
        await fund_queue(year, actor, now)
    found = [await store.by_key(one.key) for one in orders]
    return [one for one in found if one is not None]


async def _record(new: NewEntitlement, actor: Actor, now: datetime) -> None:
    rules = shipped()
    try:
        tax = rules.tax(new.tax_category, new.gross, beijing_day(now))
    except NoRateError as error:
        raise Invalid("no_tax_rate", str(error)) from error
    known = await store.by_key(new.key)
    if known is not None and not known.says_the_same(new, tax):
        raise Conflict(
            "entitlement_differs",
            _("%(code)s 已按另一内容登记（%(name)s），请先撤销再重新登记")
            % {"code": known.code, "name": known.beneficiary},
        )
    if known is not None and known.standing.state is not State.CANCELLED:
        return
    number = known.id if known else await store.add(new, tax, rules.digest, actor, now)
    if known is None:
        await in_kind_store.add_parts(number, new.in_kind)
    act = Act.APPROVE if new.gross else Act.APPROVE_IN_KIND
    await books.take([Step(number, act)], actor, now)
    details = {"key": new.key, "gross": new.gross, "tax": tax, "source": new.source.digest}
    await audit.record(actor, "entitlement.approved", "entitlement", number, now, details)


async def fund_queue(year: int, actor: Actor, now: datetime) -> None:
    """Set money aside for those whose turn it is, inside a unit of work that holds the year."""
    while True:
        queue = await store.queue_head(year, _AT_A_TIME)
        if not queue:
            return
        held = await books.balances(year)
        free = {line: fen for (line, account), fen in held.items() if account is Account.AVAILABLE}
        funded = fundable(queue, free)
        steps = [Step(number, Act.RESERVE, line=line) for number, line in funded]
        if steps:
            await books.take(steps, actor, now)
        if len(funded) < _AT_A_TIME:
            return


async def get(number: int) -> Entitlement:
    """Raises NotFound."""
    found = await store.by_id(number)
    if found is None:
        raise books.no_such_entitlement()
    return found


async def of_key(key: str) -> Entitlement | None:
    """The entitlement that was recorded under this key, or None."""
    return await store.by_key(key)


async def hold(number: int, reason: str, actor: Actor, now: datetime) -> None:
    """Stop an entitlement from being paid; its money stays set aside, and its place in the
    queue stays. Raises NotFound, or Conflict once the bank has it."""
    async with db.unit_of_work():
        await hold_within(number, reason, actor, now)


async def hold_within(number: int, reason: str, actor: Actor, now: datetime) -> None:
    """`hold` inside the caller's unit of work, for example that of an objection."""
    await books.take([Step(number, Act.HOLD, reason=reason)], actor, now)
    details = {"reason": reason}
    await audit.record(actor, "entitlement.held", "entitlement", number, now, details)


async def release(number: int, reason: str, actor: Actor, now: datetime) -> None:
    """Let a held entitlement be paid again. Raises NotFound or Conflict."""
    async with db.unit_of_work():
        await release_within(number, reason, actor, now)


async def release_within(number: int, reason: str, actor: Actor, now: datetime) -> None:
    await books.take([Step(number, Act.RELEASE, reason=reason)], actor, now)
    details = {"reason": reason}
    await audit.record(actor, "entitlement.released", "entitlement", number, now, details)


async def cancel_within(key: str, reason: str, actor: Actor, now: datetime) -> None:
    """Give an entitlement up whose source no longer says it, inside the caller's unit of work;
    its money goes to whoever waits first. Raises NotFound, or Conflict once it is in a batch or
    paid: then it has to come back first."""
    found = await store.by_key(key)
    if found is None:
        raise books.no_such_entitlement()
    await store.hold_year(found.year)
    if found.standing.state not in (*CANCELLABLE, State.IN_KIND):
        raise Conflict(
            "entitlement_in_payment",
            _("%(code)s 已进入支付，不能撤销；已付的款项须先追回") % {"code": found.code},
        )
    await books.take([Step(found.id, Act.CANCEL, reason=reason)], actor, now)
    details = {"reason": reason}
    await audit.record(actor, "entitlement.cancelled", "entitlement", found.id, now, details)
    await fund_queue(found.year, actor, now)


async def find(filters: Filters, limit: int, offset: int) -> list[Entitlement]:
    """In the order of their approval, newest first."""
    return await store.find(filters, limit, offset)


async def totals(filters: Filters) -> dict[str, int]:
    """How many match (`n`), and their gross, tax and net in fen."""
    return await store.totals(filters)


async def years_and_measures() -> tuple[list[int], list[tuple[str, str]]]:
    """What a list can be narrowed to: years, and (measure, its name)."""
    return await store.years_and_measures()


async def place_in_queue(entitlement: Entitlement) -> tuple[int, int]:
    """How many wait before this one, and how much they wait for in fen."""
    return await store.place_in_queue(entitlement)
