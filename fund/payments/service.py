"""Paying: accounts, batches by three persons, and the bank's answers.

Maker, checker and payer of a batch are three people. Everything that a batch does to its
entitlements is one transaction: a server that dies leaves all of it or nothing.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from core import audit
from core.audit import Actor
from core.beijing import beijing_day
from core.crypto import KeyRing
from core.database import db
from core.i18n import _
from core.problems import Conflict, FieldError, Invalid, NotFound
from core.two_people import already_decided, require_second_person
from fund.books import service as books
from fund.books.service import Step
from fund.entitlements import service as entitlements
from fund.entitlements import store as entitlement_store
from fund.payments import store, store_batches
from fund.payments.payment_file import payment_file
from fund.payments.rules import BankAccount
from fund.payments.store import Line, Payee
from fund.payments.store_batches import Batch
from fund.rules.entitlement import Entitlement
from fund.rules.states import PAYABLE, Act, State

MOST_PAYMENTS = 500


async def payee(entitlement: int, keys: KeyRing) -> Payee | None:
    """The account that the next payment goes to."""
    return (await store.payees([entitlement], keys)).get(entitlement)


async def enter_payee(
    entitlement: int, account: BankAccount, keys: KeyRing, actor: Actor, now: datetime
) -> None:
    """Enter or correct the account. Raises NotFound, or Conflict while a payment is under way."""
    async with db.unit_of_work():
        found = await entitlements.get(entitlement)
        if found.standing.state not in (*PAYABLE, State.QUEUED):
            raise Conflict("payment_under_way", _("付款已列入批次或已办结，账号不能再改"))
        await store.add_payee(entitlement, account, keys, actor, now)
        await audit.record(actor, "payment.account_entered", "entitlement", entitlement, now)


def not_payable(found: Entitlement, has_account: bool, today: date) -> str:
    """Why an entitlement cannot go into a batch now; "" when it can."""
    standing = found.standing
    if standing.state not in PAYABLE:
        return _("没有已预留的资金，或已在付款途中")
    if standing.held:
        return _("已暂缓支付")
    if found.payable_from and today < found.payable_from:
        return _("%(day)s 起才能支付") % {"day": found.payable_from.isoformat()}
    return "" if has_account else _("还没有收款账号")


async def make_batch(
    ids: Sequence[int], note: str, keys: KeyRing, actor: Actor, now: datetime
) -> int:
    """The maker's act; returns the batch. Raises Invalid about "entitlements" that names each
    one which cannot be paid now, or Conflict when somebody else was faster."""
    wanted = sorted(set(ids))
    async with db.unit_of_work():
        found = {one.id: one for one in await entitlement_store.by_ids(wanted)}
        payees = await store.payees(wanted, keys)
        _refuse_unpayable(wanted, found, payees, beijing_day(now))
        before = await store.attempts(wanted)
        batch = await store_batches.add_batch(note, actor, now)
        rows = [
            (one, payees[one].id, before.get(one, 0) + 1, found[one].amounts.net) for one in wanted
        ]
        try:
            payments = await store.add_payments(batch, rows)
        except books.RACED as error:
            raise books.moved_on() from error
        steps = [Step(one, Act.ORDER, payment=payments[one]) for one in wanted]
        await books.take(steps, actor, now)
        details = {"payments": len(wanted), "net": sum(net for *_rest, net in rows)}
        await audit.record(actor, "payment.batch_made", "payment_batch", batch, now, details)
    return batch


def _refuse_unpayable(
    wanted: Sequence[int],
    found: dict[int, Entitlement],
    payees: dict[int, Payee],
    today: date,
) -> None:
    problems = []
    if not wanted:
        problems.append(_("请选择要支付的应付款"))
    if len(wanted) > MOST_PAYMENTS:
        problems.append(_("一个批次最多 %(n)s 笔") % {"n": MOST_PAYMENTS})
    for one in wanted:
        if one not in found:
            problems.append(_("没有编号为 %(n)s 的应付款") % {"n": one})
        elif why := not_payable(found[one], one in payees, today):
            who = f"{found[one].code} {found[one].beneficiary}"
            problems.append(_("%(who)s：%(why)s") % {"who": who, "why": why})
    if problems:
        errors = [FieldError("entitlements", one) for one in problems]
        raise Invalid("not_payable", _("有不能支付的应付款"), errors=errors)


async def get_batch(number: int) -> Batch:
    """Raises NotFound."""
    found = await store_batches.batch(number)
    if found is None:
        raise NotFound("no_such_batch", _("没有这个支付批次"))
    return found


async def batches(limit: int, offset: int) -> tuple[list[Batch], int]:
    """A page of batches, newest first, and how many there are."""
    return await store_batches.batches(limit, offset), await store_batches.count_batches()


async def lines(batch: int, keys: KeyRing) -> list[Line]:
    return await store.lines(batch, keys)


async def decide_batch(
    number: int, approved: bool, reason: str, keys: KeyRing, actor: Actor, now: datetime
) -> None:
    """The checker's act; a refused batch gives its entitlements back. Raises NotFound,
    NotAllowed for the maker, or Conflict."""
    async with db.unit_of_work():
        await store.hold_batch(number)
        found = await get_batch(number)
        if found.approved is not None:
            raise already_decided(_("这个批次"), found.decided_by_name)
        require_second_person(_("支付批次"), actor, {_("制单人"): found.made_by})
        own = await store.lines(number, keys)
        if approved:
            _refuse_held(own)
        await store_batches.decide_batch(found, approved, reason, actor, now)
        if not approved:
            back = [Step(one.entitlement, Act.TAKE_OUT, payment=one.payment) for one in own]
            await books.take(back, actor, now)
        verb = "payment.batch_approved" if approved else "payment.batch_refused"
        details = {"net": found.net, "reason": reason}
        await audit.record(actor, verb, "payment_batch", number, now, details)


async def send_batch(number: int, keys: KeyRing, actor: Actor, now: datetime) -> str:
    """The payer's act: from now on the batch is with the bank, and its file can be fetched.
    Returns the file's SHA-256. Raises NotFound, NotAllowed for maker and checker, Conflict."""
    async with db.unit_of_work():
        await store.hold_batch(number)
        found = await get_batch(number)
        if found.sent_at:
            raise Conflict("already_sent", _("这个批次已经送交银行，没有重复送交"))
        if not found.approved or found.decided_by is None:
            raise Conflict("not_approved", _("批次还没有批准，不能送交银行"))
        before = {_("制单人"): found.made_by, _("审批人"): found.decided_by}
        require_second_person(_("送交银行"), actor, before)
        own = await store.lines(number, keys)
        _refuse_held(own)
        content = await asyncio.to_thread(payment_file, found.code, own, now, actor.name)
        digest = hashlib.sha256(content).hexdigest()
        await store_batches.add_sending(found, digest, actor, now)
        steps = [Step(one.entitlement, Act.SEND, payment=one.payment) for one in own]
        await books.take(steps, actor, now)
        details = {"net": found.net, "sha256": digest}
        await audit.record(actor, "payment.batch_sent", "payment_batch", number, now, details)
    return digest


def _refuse_held(own: Sequence[Line]) -> None:
    held = [f"{one.code} {one.beneficiary}" for one in own if one.held]
    if held:
        raise Conflict(
            "held_in_batch",
            _("批次里有暂缓支付的款项：%(who)s。请解除暂缓，或不批准本批次")
            % {"who": "、".join(held)},
        )


async def file_of(number: int, keys: KeyRing, actor: Actor, now: datetime) -> tuple[str, bytes]:
    """The name and bytes of a sent batch's file; who fetches account numbers is recorded.
    Raises NotFound, or Conflict before the batch was sent."""
    found = await get_batch(number)
    if found.sent_at is None:
        raise Conflict("not_sent", _("登记送交银行之后才能下载付款文件"))
    own = await store.lines(number, keys)
    content = await asyncio.to_thread(
        payment_file, found.code, own, found.sent_at, found.sent_by_name
    )
    await audit.record(actor, "payment.file_fetched", "payment_batch", number, now)
    return f"{found.code}.xlsx", content


async def payable(year: int | None, keys: KeyRing, today: date) -> list[dict[str, Any]]:
    """Who could be put into a batch, in the order of approval: each with `why` it cannot be now,
    "" when it can."""
    found = []
    for state in sorted(PAYABLE):
        filters = entitlement_store.Filters(year=year, state=state)
        found += await entitlement_store.find(filters, MOST_PAYMENTS, 0)
    found.sort(key=lambda one: (one.approved_at, one.id))
    payees = await store.payees([one.id for one in found], keys)
    return [
        {
            "one": one,
            "account": payees[one.id].account if one.id in payees else None,
            "why": not_payable(one, one.id in payees, today),
        }
        for one in found
    ]
