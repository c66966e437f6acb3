"""Bringing a database to the newest schema, and setting the rights of the app's role."""

from importlib import import_module
from types import ModuleType
from typing import Any

import asyncpg
from piccolo.conf.apps import Finder
from piccolo.table import Table

from core.database import db
from core.database.private_piccolo import run_new_migrations, table_name

APP_ROLE = "shibaiqian_app"
OLDEST_POSTGRES = 18_00_00

# Other processes may serve meanwhile. A change that waits for a lock makes everybody wait who comes
# after it, so it gives up soon; one that rewrites a large table would hold its lock for as long.
_PATIENCE = {"lock_timeout": "5s", "statement_timeout": "10min"}
_GAVE_UP = (asyncpg.LockNotAvailableError, asyncpg.QueryCanceledError)

_GRANTS = f"""
GRANT USAGE ON SCHEMA public TO {APP_ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE};
REVOKE INSERT, UPDATE, DELETE ON migration FROM {APP_ROLE};
"""  # noqa: S608 - the only thing put in is the constant above


class MigrationFailedError(Exception):
    """The schema could not be brought up to date; the message is Piccolo's, or says which
    version of PostgreSQL is wanted."""


async def migrate(database_url: str) -> None:
    """Run what has not run yet, as the owner of the schema; then set the app's rights.

    The role `shibaiqian_app` must exist. It may read and add everywhere, but change and
    remove nothing in a table that its module lists as APPEND_ONLY: ballots, voids,
    sheets, approvals, postings and the audit log stay as written even if the app errs.
    Every module named in a package's `TABLE_MODULES` has such a list, an empty one if need be.
    Rows of tables listed as ADD_AND_PURGE it may remove as well, never change.
    Tables listed as KEPT_BY_TRIGGERS (counts that follow from such rows) it may only read.
    Raises MigrationFailedError.
    """
    await db.open_pool(database_url, settings=_PATIENCE)
    try:
        await _check_version()
        if why := await run_new_migrations():
            raise MigrationFailedError(why)
        await _grant()
    except _GAVE_UP as error:
        raise MigrationFailedError(
            "更新数据库结构时等别的连接太久，没有做任何改动；请在没有人使用时再启动。\n"
            f"The schema was not changed: {error}"
        ) from error
    finally:
        await db.close_pool()


async def _check_version() -> None:
    """Keys that begin with the day find one voter among the days by skipping through the index,
    which older versions cannot: each page would read all of it."""
    async with db.connection() as connection:
        version = int(await connection.fetchval("SHOW server_version_num"))
    if version < OLDEST_POSTGRES:
        raise MigrationFailedError(f"PostgreSQL 18 or newer is needed, this is {version}")


def table_modules() -> list[ModuleType]:
    """All modules in which tables are defined, by the packages' `TABLE_MODULES`; those of lower
    packages come first."""
    return [
        import_module(name)
        for package in Finder().get_app_registry().app_configs
        for name in import_module(f"{package}.piccolo_app").TABLE_MODULES
    ]


async def _grant() -> None:
    async with db.unit_of_work() as tx:
        await tx.execute(_GRANTS)
        for module in table_modules():
            for table in module.APPEND_ONLY:
                await _revoke(tx, "UPDATE, DELETE, TRUNCATE", table)
            for table in getattr(module, "ADD_AND_PURGE", ()):
                await _revoke(tx, "UPDATE, TRUNCATE", table)
            for table in getattr(module, "KEPT_BY_TRIGGERS", ()):
                await _revoke(tx, "INSERT, UPDATE, DELETE, TRUNCATE", table)


async def _revoke(tx: Any, rights: str, table: type[Table]) -> None:
    await tx.execute(f'REVOKE {rights} ON "{table_name(table)}" FROM {APP_ROLE}')
