"""PostgreSQL through Piccolo: one engine, one pool, one way to open a transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from piccolo.engine.postgres import PostgresEngine, PostgresTransaction


class _Engine(PostgresEngine):
    """Piccolo's engine, connected when the server starts instead of at import.

    Piccolo asks the server for its version in the constructor; there is no server then.
    """

    async def check_version(self) -> None:
        return None

    async def prep_database(self) -> None:
        return None


class _Transaction(PostgresTransaction):
    """A transaction that returns its connection to the pool even if BEGIN or COMMIT fails.

    Piccolo keeps the connection when BEGIN fails or is cancelled. When COMMIT raises, it also
    leaves the context marked as inside a transaction. The pool then runs out of connections, and
    closing it waits for ever.
    """

    async def begin(self) -> None:
        try:
            await super().begin()  # type: ignore[no-untyped-call]
        except BaseException:
            await self._give_back()
            raise

    async def __aexit__(self, exception_type: Any, exception: Any, traceback: Any) -> bool:
        try:
            if exception is None:
                await self.commit()  # type: ignore[no-untyped-call]
            else:
                await self.rollback()  # type: ignore[no-untyped-call]
        finally:
            self.engine.current_transaction.reset(self.context)
            await self._give_back()
        return False

    async def _give_back(self) -> None:
        if self.engine.pool:
            await self.engine.pool.release(self.connection)
        else:
            await self.connection.close()


ENGINE = _Engine(config={})


def configure(database_url: str) -> None:
    """Point the engine at a database; takes effect at the next connection."""
    ENGINE.config = {"dsn": database_url}


async def open_pool(database_url: str, *, max_size: int = 10) -> None:
    configure(database_url)
    await ENGINE.start_connection_pool(min_size=2, max_size=max_size, reset=_nothing_to_reset)


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
    async with _Transaction(ENGINE, allow_nested=False) as transaction:
        yield transaction.connection


@asynccontextmanager
async def connection() -> AsyncIterator[Any]:
    """A raw asyncpg connection: the open unit of work's, else one of the pool's."""
    current = ENGINE.current_transaction.get()
    if current is not None:
        yield current.connection
    else:
        assert ENGINE.pool is not None, "open_pool first"
        async with ENGINE.pool.acquire() as raw:
            yield raw
