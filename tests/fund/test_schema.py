"""What the database itself refuses, whatever the code does: rewritten books, entries that do not
add up, steps that have no way."""

import asyncpg
import pytest

from core.database import db
from fund.entitlements import service as entitlements
from tests.fund.money import MAKER, NOW, PRIZE, appropriated, order

pytestmark = pytest.mark.usefixtures("pool")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE fund_posting SET amount = 1",
        "DELETE FROM fund_posting",
        "UPDATE fund_step SET act = 'pay'",
        "UPDATE fund_entitlement SET gross = 1",
        "UPDATE fund_balance SET amount = 1",
        "INSERT INTO fund_balance (line, account, amount) VALUES (1, 'paid', 1)",
        "UPDATE fund_standing SET state = 'reserved'",
        "DELETE FROM fund_payment",
    ],
)
async def test_app_cannot_rewrite_the_books(statement: str) -> None:
    async with db.connection() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)


@pytest.mark.parametrize(
    ("account_name", "amount", "other", "said"),
    [
        ("paid", 5, 4, "add up to zero"),
        ("paid", 10**12, 10**12, "never_below_zero"),
        ("reserved", 5, 5, "stands for"),
    ],
)
async def test_database_refuses_what_the_code_would_never_post(
    account_name: str, amount: int, other: int, said: str
) -> None:
    line = await appropriated(2046, PRIZE)
    (one,) = await entitlements.entitle([order(2046, gross=100)], MAKER, NOW)
    with pytest.raises(asyncpg.CheckViolationError, match=said):
        await post(line, account_name, amount, other, one.id)


async def post(line: int, account_name: str, amount: int, other: int, entitlement: int) -> None:
    """An entry that gives `amount` to an account and takes `other` from what is available."""
    async with db.unit_of_work() as tx:
        appropriation = await tx.fetchval(
            "INSERT INTO fund_appropriation (line, amount, document, proposed_by,"
            " proposed_by_name, proposed_at) VALUES ($1, 1, '', 1, '', now()) RETURNING id",
            line,
        )
        entry = await tx.fetchval(
            "INSERT INTO fund_entry (appropriation, by_name, at) VALUES ($1, '', now())"
            " RETURNING id",
            appropriation,
        )
        await tx.execute(
            "INSERT INTO fund_posting (entry, line, account, entitlement, amount)"
            " VALUES ($1, $2, $3, $6, $4), ($1, $2, 'available', $6, -$5::bigint)",
            entry,
            line,
            account_name,
            amount,
            other,
            entitlement,
        )


@pytest.mark.parametrize(
    "act", ["pay", "send", "confirm", "approve", "take_out", "release", "nonsense"]
)
async def test_database_refuses_a_step_that_has_no_way(act: str) -> None:
    (one,) = await entitlements.entitle([order(2047)], MAKER, NOW)
    async with db.connection() as connection:
        with pytest.raises(asyncpg.CheckViolationError, match="does not fit"):
            await connection.execute(
                "INSERT INTO fund_step (entitlement, number, act, reason, by_name, at)"
                " VALUES ($1, 2, $2, '', '', now())",
                one.id,
                act,
            )
