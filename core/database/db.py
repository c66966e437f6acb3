"""PostgreSQL through Piccolo: one engine, one pool, one way to open a transaction."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from core.database.private_piccolo import LateEngine, Transaction, current_connection

ENGINE = LateEngine(config={})


def configure(database_url: str) -> None:
    """Point the engine at a database; takes effect at the next connection."""
    ENGINE.config = {"dsn": database_url}


async def open_pool(
    database_url: str, *, max_size: int = 10, settings: Mapping[str, str] | None = None
) -> None:
    """Open the pool; `settings` are PostgreSQL's, for every connection of it."""
    configure(database_url)
    await ENGINE.start_connection_pool(
        min_size=2,
        max_size=max_size,
        reset=_nothing_to_reset,
        server_settings=dict(settings or {}),
    )


async def _nothing_to_reset(connection: Any) -> None:
    """Saves the query by which asyncpg resets a connection after every use. Nothing here outlives
    its transaction: settings are SET LOCAL, cursors stay in units of work, and a session lock
    (`core.database.leader`) is released or its connection closed.
    """


async def close_pool() -> None:
    if ENGINE.pool is not None:
        await ENGINE.close_connection_pool()


@asynccontextmanager
async def unit_of_work() -> AsyncIterator[Any]:
    """One transaction; yields the raw asyncpg connection for set-based statements.

    Piccolo queries inside it take part by themselves. Never start a task or gather
    inside: a child task would inherit the transaction and outlive it. Nesting raises
    piccolo's TransactionError, as an inner block could not roll back alone.
    """
    async with Transaction(ENGINE, allow_nested=False) as transaction:
        yield transaction.connection


@asynccontextmanager
async def connection() -> AsyncIterator[Any]:
    """A raw asyncpg connection: the open unit of work's, else one of the pool's."""
    current = current_connection(ENGINE)
    if current is not None:
        yield current
    else:
        assert ENGINE.pool is not None, "open_pool first"
        async with ENGINE.pool.acquire() as raw:
            yield raw
