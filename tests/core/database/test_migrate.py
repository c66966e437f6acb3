"""The newest schema, and what the role that the app signs in as may do with it."""

import sys
from importlib import import_module

import asyncpg
import pytest
from piccolo.apps.migrations.commands.base import MigrationResult
from piccolo.conf.apps import Finder

from core.database import db
from core.database import migrate as migrations
from core.database.migrate import APP_ROLE, MigrationFailedError, migrate
from core.engines.embedded import Endpoints

RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")


def tables(kind: str) -> list[str]:
    """The names of the tables that packages list under a heading such as APPEND_ONLY."""
    apps = Finder().get_app_registry().app_configs
    modules = [
        import_module(module)
        for name in apps
        for module in import_module(f"{name}.piccolo_app").TABLE_MODULES
    ]
    return [t._meta.tablename for module in modules for t in getattr(module, kind, ())]


async def rights(database: Endpoints, table: str) -> set[str]:
    connection = await asyncpg.connect(database.database_url)
    try:
        return {
            right
            for right in RIGHTS
            if await connection.fetchval(
                "SELECT has_table_privilege($1, $2, $3)", APP_ROLE, table, right
            )
        }
    finally:
        await connection.close()


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        ("APPEND_ONLY", {"SELECT", "INSERT"}),
        ("ADD_AND_PURGE", {"SELECT", "INSERT", "DELETE"}),
        ("KEPT_BY_TRIGGERS", {"SELECT"}),
    ],
)
async def test_app_may_do_with_listed_tables_what_their_list_says(
    database: Endpoints, kind: str, allowed: set[str]
) -> None:
    listed = tables(kind)
    assert listed
    assert {table: await rights(database, table) for table in listed} == dict.fromkeys(
        listed, allowed
    )


async def test_app_cannot_change_the_history_of_migrations_or_the_schema(
    database: Endpoints,
) -> None:
    assert await rights(database, "migration") == {"SELECT"}
    connection = await asyncpg.connect(database.app_database_url)
    try:
        for statement in (
            "CREATE TABLE mine (id int)",
            "DROP TABLE audit_entry",
            "SET ROLE shibaiqian",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_second_run_changes_nothing(database: Endpoints) -> None:
    connection = await asyncpg.connect(database.database_url)
    try:
        before = await connection.fetch("SELECT * FROM migration ORDER BY id")
        await migrate(database.database_url)
        assert await connection.fetch("SELECT * FROM migration ORDER BY id") == before
    finally:
        await connection.close()
    assert before


async def test_migration_that_fails_says_so_and_grants_nothing(
    database: Endpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_apps: str) -> MigrationResult:
        sys.stdout.write("column x of table y cannot be altered")
        return MigrationResult(success=False)

    async def grant() -> None:
        raise AssertionError("nothing may be granted")

    monkeypatch.setattr("core.database.private_piccolo.run_forwards", fail)
    monkeypatch.setattr("core.database.migrate._grant", grant)
    with pytest.raises(MigrationFailedError, match="column x of table y cannot be altered"):
        await migrate(database.database_url)
    assert db.ENGINE.pool is None


async def test_version_that_is_too_old_is_told_before_anything_is_done(
    database: Endpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.database.migrate.OLDEST_POSTGRES", 99_00_00)
    with pytest.raises(MigrationFailedError, match="PostgreSQL 18 or newer is needed"):
        await migrate(database.database_url)


async def test_schema_that_somebody_holds_is_left_as_it_is_and_said_so(
    database: Endpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(migrations._PATIENCE, "lock_timeout", "50ms")
    holder = await asyncpg.connect(database.database_url)
    try:
        async with holder.transaction():
            await holder.execute("LOCK TABLE audit_entry")
            with pytest.raises(MigrationFailedError, match="等别的连接太久"):
                await migrate(database.database_url)
    finally:
        await holder.close()
    await migrate(database.database_url)


async def test_statements_of_migrations_have_an_end(
    database: Endpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, str] = {}

    async def look() -> str:
        async with db.connection() as connection:
            for name in ("lock_timeout", "statement_timeout"):
                told[name] = await connection.fetchval(f"SHOW {name}")
        return ""

    monkeypatch.setattr("core.database.migrate.run_new_migrations", look)
    await migrate(database.database_url)
    assert told == {"lock_timeout": "5s", "statement_timeout": "10min"}
