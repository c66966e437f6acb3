"""The parts of Piccolo that it does not promise to keep, used here and nowhere else.

Its engine asks the server for its version when it is made, its transactions keep a connection
when BEGIN or COMMIT fails, and migrations can be run and tables be described by internal names
only. `tests/core/test_private_parts.py` checks the shape that is relied on.
"""

import contextlib
import io
from typing import Any

from piccolo.apps.migrations.commands.forwards import run_forwards
from piccolo.columns import Column
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction
from piccolo.table import Table


class LateEngine(PostgresEngine):
    """Piccolo's engine, connected when the server starts instead of at import.

    Piccolo asks the server for its version in the constructor; there is no server then.
    """

    async def check_version(self) -> None:
        return None

    async def prep_database(self) -> None:
        return None


class Transaction(PostgresTransaction):
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


def current_connection(engine: PostgresEngine) -> Any | None:
    """The connection of the transaction that this task is in; None outside of one."""
    current = engine.current_transaction.get()
    return None if current is None else current.connection


async def run_new_migrations() -> str:
    """Run the migrations of all packages that have not run; returns why they failed, or ""."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        outcome = await run_forwards("all")
    return "" if outcome.success else outcome.message or said.getvalue()


def table_name(table: type[Table]) -> str:
    return str(table._meta.tablename)


def place_of(column: Column) -> tuple[str, str]:
    """The names of a column's table and of the column, as the database knows them."""
    return table_name(column._meta.table), str(column._meta.db_column_name)
