"""Many at once: a nearly empty fund is never overdrawn, and of many equal acts one counts."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Sequence

import pytest

from core.crypto import KeyRing
from core.database import db
from core.problems import Problem
from core.settings import Settings
from fund.books import service as books
from fund.entitlements import service as entitlements
from fund.payments import results
from fund.payments import service as payments
from fund.rules.books import Account
from tests.fund.money import (
    CHECKER,
    MAKER,
    NOW,
    PAYER,
    PRIZE,
    answer,
    appropriated,
    batch_of,
    entitled,
    held_in,
    keys_in,
    order,
    with_accounts,
)

pytestmark = pytest.mark.usefixtures("pool")
AT_ONCE, FUNDED = 1000, 7


@pytest.fixture(scope="module")
def keys(settings: Settings) -> KeyRing:
    return keys_in(settings.data_dir)


async def outcomes(acts: Sequence[Awaitable[object]]) -> Counter[str]:
    """What became of acts that began together: "done", or the code of the refusal."""
    found = await asyncio.gather(*acts, return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException) and not isinstance(one, Problem):
            raise one
    return Counter(one.code if isinstance(one, Problem) else "done" for one in found)


async def test_a_thousand_reservations_at_once_never_overdraw() -> None:
    await appropriated(2031, FUNDED * PRIZE + PRIZE // 2)
    acts = [entitlements.entitle([order(2031)], MAKER, NOW) for _ in range(AT_ONCE)]
    assert await outcomes(acts) == {"done": AT_ONCE}
    assert await held_in(2031) == {
        Account.APPROPRIATED: -(FUNDED * PRIZE + PRIZE // 2),
        Account.AVAILABLE: PRIZE // 2,
        Account.RESERVED: FUNDED * PRIZE,
    }
    async with db.connection() as connection:
        states = await connection.fetch(
            "SELECT s.state, min(e.id) AS first, max(e.id) AS last, count(*) AS n"
            " FROM fund_entitlement e JOIN fund_standing s ON s.entitlement = e.id"
            " WHERE e.year = 2031 GROUP BY 1"
        )
    found = {row["state"]: row for row in states}
    assert (found["reserved"]["n"], found["queued"]["n"]) == (FUNDED, AT_ONCE - FUNDED)
    assert found["reserved"]["last"] < found["queued"]["first"], "the first come were served"
    assert await books.differences() == []


async def test_same_key_claimed_many_times_at_once_is_owed_once() -> None:
    await appropriated(2032, 9 * PRIZE)
    new = order(2032)
    acts = [entitlements.entitle([new], MAKER, NOW) for _ in range(20)]
    assert await outcomes(acts) == {"done": 20}
    assert (await held_in(2032))[Account.RESERVED] == PRIZE


async def test_every_act_clicked_many_times_at_once_counts_once(keys: KeyRing) -> None:
    await appropriated(2033, 3 * PRIZE)
    found = await entitled(2033, 3)
    await with_accounts(found, keys)
    made = await outcomes([batch_of(found, keys) for _ in range(8)])
    assert (made["done"], made.total()) == (1, 8)
    async with db.connection() as connection:
        batch = await connection.fetchval("SELECT max(id) FROM fund_batch")
    for act in (
        lambda: payments.decide_batch(batch, True, "", keys, CHECKER, NOW),
        lambda: payments.send_batch(batch, keys, PAYER, NOW),
    ):
        assert (await outcomes([act() for _ in range(8)]))["done"] == 1
    content = answer([(one.code, "成功") for one in found])
    # the same file again, and files that say the same in other bytes
    files = [content] * 3 + [answer([(o.code, "成功") for o in found], note=n) for n in "abc"]
    acts = [results.read_file(batch, ("r.csv", one), keys, PAYER, NOW) for one in files]
    assert await outcomes(acts) == {"done": 6}
    held = await held_in(2033)
    assert held[Account.PAID] + held[Account.TAX_WITHHELD] == 3 * PRIZE
    assert await books.differences() == []


async def test_overlapping_batches_and_answers_pay_each_once(keys: KeyRing) -> None:
    await appropriated(2034, 6 * PRIZE)
    found = await entitled(2034, 6)
    await with_accounts(found, keys)
    pairs = [found[i : i + 2] for i in range(5)] + [found[i::-1] for i in range(1, 6)]
    made = await outcomes([batch_of(pair, keys) for pair in pairs])
    assert made["done"] >= 1
    async with db.connection() as connection:
        twice = await connection.fetchval(
            "SELECT count(*) FROM (SELECT entitlement FROM fund_payment WHERE entitlement ="
            " ANY($1::int[]) GROUP BY 1 HAVING count(*) > 1) one",
            [one.id for one in found],
        )
    assert twice == 0
    assert await books.differences() == []
