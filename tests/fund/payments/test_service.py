"""Money from approval to the bank's answer: nothing twice, nothing below zero, nothing lost."""

import io
from datetime import date

import pytest

from core.audit import Actor
from core.crypto import KeyRing
from core.database import db
from core.files.spreadsheets import read_rows
from core.problems import Conflict, Invalid, NotAllowed, NotFound
from core.settings import Settings
from fund.books import service as books
from fund.entitlements import service as entitlements
from fund.payments import corrections, results
from fund.payments import service as payments
from fund.payments.rules import BankAccount
from fund.rules.books import Account
from fund.rules.entitlement import Source
from tests.fund.money import (
    CHECKER,
    MAKER,
    NOW,
    PAYER,
    PRIZE,
    account,
    answer,
    answered,
    appropriated,
    batch_of,
    entitled,
    held_in,
    keys_in,
    order,
    sent,
    state_of,
    with_accounts,
)

pytestmark = pytest.mark.usefixtures("pool")
TAX = PRIZE // 5


@pytest.fixture(scope="module")
def keys(settings: Settings) -> KeyRing:
    return keys_in(settings.data_dir)


@pytest.fixture(autouse=True)
async def books_balance(pool: None) -> object:
    """Whatever a test did, every posting adds up afterwards."""
    yield
    assert await books.differences() == []


async def test_money_goes_from_the_line_to_the_beneficiary(keys: KeyRing) -> None:
    line = await appropriated(2031, 3 * PRIZE)
    found = await entitled(2031, 2)
    assert await held_in(2031) == {
        Account.APPROPRIATED: -3 * PRIZE,
        Account.AVAILABLE: PRIZE,
        Account.RESERVED: 2 * PRIZE,
    }
    batch = await sent(found, keys)
    assert (await held_in(2031))[Account.PAYABLE] == 2 * PRIZE
    await answered(batch, found, "成功", keys)
    assert await held_in(2031) == {
        Account.APPROPRIATED: -3 * PRIZE,
        Account.AVAILABLE: PRIZE,
        Account.PAID: 2 * (PRIZE - TAX),
        Account.TAX_WITHHELD: 2 * TAX,
    }
    assert [await state_of(one) for one in found] == ["paid", "paid"]
    assert found[0].standing.line == line


async def test_queue_is_served_in_order_and_nobody_overtakes(keys: KeyRing) -> None:
    first, large, small = (await entitled(2032, 1)) + await entitlements.entitle(
        [order(2032, gross=5 * PRIZE), order(2032, gross=100)], MAKER, NOW
    )
    await appropriated(2032, PRIZE + 200)
    assert [await state_of(one) for one in (first, large, small)] == [
        "reserved",
        "queued",
        "queued",
    ]
    await appropriated(2032, 5 * PRIZE)
    assert [await state_of(one) for one in (large, small)] == ["reserved", "reserved"]


async def test_one_line_pays_whole_and_lines_are_used_in_order(keys: KeyRing) -> None:
    city = await appropriated(2033, PRIZE + 1)
    above = await appropriated(2033, PRIZE, name="省级专项")
    one, two, three = await entitled(2033, 3)
    assert (one.standing.line, two.standing.line) == (city, above)
    assert three.standing.state == "queued"


async def test_same_key_is_owed_once_and_a_different_claim_is_refused() -> None:
    await appropriated(2034, 9 * PRIZE)
    new = order(2034, key="contest/a/award/1")
    (first,) = await entitlements.entitle([new], MAKER, NOW)
    again = order(
        2034,
        key=new.key,
        beneficiary=new.beneficiary,
        source=Source("certified_result", "sha256:" + "cd" * 32, "第二版", ""),
    )
    assert await entitlements.entitle([again, again], MAKER, NOW) == [first, first]
    assert (await held_in(2034))[Account.RESERVED] == PRIZE
    with pytest.raises(Conflict, match="已按另一内容登记"):
        await entitlements.entitle([order(2034, key=new.key, gross=1)], MAKER, NOW)
    with pytest.raises(Invalid, match="没有“wages”"):
        await entitlements.entitle([order(2034, tax_category="wages")], MAKER, NOW)


async def test_cancelled_entitlement_frees_its_money_for_who_waits(keys: KeyRing) -> None:
    await appropriated(2035, PRIZE)
    one, two = await entitled(2035, 2)
    async with db.unit_of_work():
        await entitlements.cancel_within(one.key, "异议成立", MAKER, NOW)
    assert (await state_of(one), await state_of(two)) == ("cancelled", "reserved")
    await sent([two], keys)
    async with db.unit_of_work():
        with pytest.raises(Conflict, match="已进入支付"):
            await entitlements.cancel_within(two.key, "异议成立", MAKER, NOW)
    with pytest.raises(NotFound):
        await entitlements.hold(99_999, "", MAKER, NOW)


async def test_held_entitlement_is_not_paid_until_it_is_released(keys: KeyRing) -> None:
    await appropriated(2036, 2 * PRIZE)
    one, two = await entitled(2036, 2)
    await with_accounts([one, two], keys)
    await entitlements.hold(one.id, "有异议", MAKER, NOW)
    with pytest.raises(Invalid) as refused:
        await batch_of([one, two], keys)
    assert [e.message for e in refused.value.errors] == [
        f"{one.code} {one.beneficiary}：已暂缓支付"
    ]
    with pytest.raises(Conflict, match="已经暂缓支付"):
        await entitlements.hold(one.id, "再次", MAKER, NOW)
    batch = await batch_of([two], keys)
    await payments.decide_batch(batch, True, "", keys, CHECKER, NOW)
    await entitlements.hold(two.id, "有异议", MAKER, NOW)
    with pytest.raises(Conflict, match="暂缓支付的款项"):
        await payments.send_batch(batch, keys, PAYER, NOW)
    await entitlements.release(two.id, "异议不成立", MAKER, NOW)
    await payments.send_batch(batch, keys, PAYER, NOW)
    with pytest.raises(Conflict, match="已送银行"):
        await entitlements.hold(two.id, "太晚", MAKER, NOW)


async def test_batch_needs_three_people_and_goes_out_once(keys: KeyRing) -> None:
    await appropriated(2037, PRIZE)
    found = await entitled(2037, 1)
    await with_accounts(found, keys)
    batch = await batch_of(found, keys)
    with pytest.raises(Conflict, match="还没有批准"):
        await payments.send_batch(batch, keys, PAYER, NOW)
    with pytest.raises(NotAllowed, match="制单人以外"):
        await payments.decide_batch(batch, True, "", keys, MAKER, NOW)
    await payments.decide_batch(batch, True, "", keys, CHECKER, NOW)
    for somebody in (MAKER, CHECKER):
        with pytest.raises(NotAllowed, match="制单人和审批人以外"):
            await payments.send_batch(batch, keys, somebody, NOW)
    with pytest.raises(Conflict, match="登记送交银行之后"):
        await payments.file_of(batch, keys, PAYER, NOW)
    digest = await payments.send_batch(batch, keys, PAYER, NOW)
    with pytest.raises(Conflict, match="没有重复送交"):
        await payments.send_batch(batch, keys, PAYER, NOW)
    with pytest.raises(Conflict, match="这个批次已经由审批人决定"):
        await payments.decide_batch(batch, False, "", keys, CHECKER, NOW)
    assert (await payments.get_batch(batch)).file_digest == digest


async def test_refused_batch_gives_its_payments_back(keys: KeyRing) -> None:
    await appropriated(2038, PRIZE)
    found = await entitled(2038, 1)
    await with_accounts(found, keys)
    batch = await batch_of(found, keys)
    with pytest.raises(Conflict, match="账号不能再改"):
        await with_accounts(found, keys)
    await payments.decide_batch(batch, False, "账号须核对", keys, CHECKER, NOW)
    assert await state_of(found[0]) == "reserved"
    await answered(await sent(found, keys), found, "成功", keys)
    (line,) = await payments.lines(batch, keys)
    assert (line.current, line.outcome) == (False, "take_out")


async def test_failed_payment_is_made_again_under_the_same_key(keys: KeyRing) -> None:
    await appropriated(2039, PRIZE)
    found = await entitled(2039, 1)
    (one,) = found
    first = await sent(found, keys)
    await answered(first, found, "失败", keys)
    assert await state_of(one) == "failed"
    right = BankAccount("获奖人", "农商银行", "6228480000000000123")
    await payments.enter_payee(one.id, right, keys, MAKER, NOW)
    second = await sent(found, keys)
    (line,) = await payments.lines(second, keys)
    assert (line.code, line.attempt, line.account) == (one.code, 2, right)
    assert line.changed_from == account(one.id)
    # an old file of the first batch says nothing of the second
    report = await answered(first, found, "失败", keys, note="another file")
    assert [row["kind"] for row in report] == ["same"]
    assert await state_of(one) == "sent"
    await answered(second, found, "成功", keys)
    assert (await held_in(2039))[Account.PAID] == PRIZE - TAX
    with pytest.raises(Invalid, match="不能支付"):
        await batch_of(found, keys)


async def test_same_file_twice_changes_nothing_and_serves_no_other_batch(keys: KeyRing) -> None:
    await appropriated(2040, 2 * PRIZE)
    found = await entitled(2040, 2)
    batch, other = await sent(found[:1], keys), await sent(found[1:], keys)
    content = answer([(found[0].code, "成功")])
    first = await results.read_file(batch, ("a.csv", content), keys, PAYER, NOW)
    again = await results.read_file(batch, ("b.csv", content), keys, PAYER, NOW)
    assert (first.again, again.again, again.report) == (False, True, first.report)
    with pytest.raises(Conflict, match="已用于批次"):
        await results.read_file(other, ("a.csv", content), keys, PAYER, NOW)
    steps = [step["act"] for step in await books.steps_of(found[0].id)]
    assert steps == ["approve", "reserve", "order", "send", "pay"]


async def test_bank_that_changes_its_mind_stops_the_next_payment(keys: KeyRing) -> None:
    await appropriated(2041, PRIZE)
    found = await entitled(2041, 1)
    (one,) = found
    batch = await sent(found, keys)
    await answered(batch, found, "失败", keys)
    again = await batch_of(found, keys)
    (row,) = await answered(batch, found, "成功", keys, note="later")
    assert (row["kind"], "已暂缓再次支付" in str(row["words"])) == ("differs", True)
    with pytest.raises(Conflict, match="暂缓"):
        await payments.decide_batch(again, True, "", keys, CHECKER, NOW)
    await payments.decide_batch(again, False, "先核实", keys, CHECKER, NOW)
    assert (await entitlements.get(one.id)).standing.held


async def test_late_success_is_confirmed_by_a_second_person(keys: KeyRing) -> None:
    await appropriated(2042, PRIZE)
    found = await entitled(2042, 1)
    await answered(await sent(found, keys), found, "失败", keys)
    number = await corrections.propose(found[0].id, "银行来函", MAKER, NOW)
    with pytest.raises(Conflict, match="等待复核"):
        await corrections.propose(found[0].id, "银行来函", MAKER, NOW)
    with pytest.raises(NotAllowed):
        await corrections.decide(number, True, "", MAKER, NOW)
    await corrections.decide(number, True, "", CHECKER, NOW)
    with pytest.raises(Conflict, match="这项更正已经由审批人决定"):
        await corrections.decide(number, True, "", CHECKER, NOW)
    assert await state_of(found[0]) == "paid"
    with pytest.raises(Invalid):
        await batch_of(found, keys)


async def test_returned_money_is_reversed_and_paid_again_once(keys: KeyRing) -> None:
    await appropriated(2043, PRIZE)
    found = await entitled(2043, 1)
    await answered(await sent(found, keys), found, "成功", keys)
    number = await corrections.propose(found[0].id, "退汇", MAKER, NOW)
    await corrections.decide(number, True, "", CHECKER, NOW)
    assert (await held_in(2043))[Account.RESERVED] == PRIZE
    await answered(await sent(found, keys), found, "成功", keys, note="second")
    held = await held_in(2043)
    assert (held[Account.PAID], held[Account.TAX_WITHHELD]) == (PRIZE - TAX, TAX)
    refused = await corrections.propose(found[0].id, "误报", MAKER, NOW)
    await corrections.decide(refused, False, "款项没有退回", CHECKER, NOW)
    assert await state_of(found[0]) == "paid"


async def test_nothing_is_paid_before_its_day(keys: KeyRing) -> None:
    await appropriated(2044, PRIZE)
    new = order(2044, payable_from=date(2026, 12, 1))
    found = await entitlements.entitle([new], MAKER, NOW)
    await with_accounts(found, keys)
    with pytest.raises(Invalid) as refused:
        await batch_of(found, keys)
    assert "2026-12-01 起才能支付" in refused.value.errors[0].message


async def test_payment_file_is_the_same_bytes_and_computes_nothing(keys: KeyRing) -> None:
    await appropriated(2045, PRIZE)
    found = await entitlements.entitle([order(2045, title="=1+1")], MAKER, NOW)
    evil = BankAccount("=HYPERLINK(1)", "@支行", "6227000000000001")
    await payments.enter_payee(found[0].id, evil, keys, MAKER, NOW)
    batch = await sent(found, keys)
    name, content = await payments.file_of(batch, keys, Actor(9, "别人"), NOW)
    assert (name, content) == await payments.file_of(batch, keys, PAYER, NOW)
    head, row = read_rows(content, "file")
    shown = dict(zip(head, row, strict=False))
    assert shown["收款人"] == "=HYPERLINK(1)"
    assert (shown["实发金额"], shown["大写金额"]) == ("16000", "壹万陆仟元整")
    assert shown["支付编号"] == found[0].code
    assert b"<f>" not in io.BytesIO(content).getvalue()
    # the bank fills in our own file and sends it back
    filled = "\n".join(",".join(r) for r in (head, [*row[:10], "成功", ""])).encode()
    report = (await results.read_file(batch, ("f.csv", filled), keys, PAYER, NOW)).report
    assert [one["kind"] for one in report] == ["paid"]
