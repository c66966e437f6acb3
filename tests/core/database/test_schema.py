"""The migrations make the very schema that the tables describe: none was forgotten."""

from importlib import import_module

import pytest
from piccolo.conf.apps import Finder
from piccolo.table import Table, create_db_tables

from core.database import db
from core.engines.embedded import Endpoints
from tests.conftest import create_database
from tests.support.catalog import catalog, differences


def apps() -> list[str]:
    return [config.app_name for config in Finder().get_app_registry().app_configs.values()]


@pytest.fixture(scope="module")
async def described(engines: Endpoints) -> Endpoints:
    """A database made from today's tables and raw SQL, without any migration."""
    endpoints = await create_database(engines, "described", template="template0")
    tables: list[type[Table]] = []
    statements: list[str] = []
    for config in Finder().get_app_registry().app_configs.values():
        tables += config.table_classes
        module = import_module(f"{config.app_name}.piccolo_app")
        statements += getattr(module, "RAW_SQL", ())
    await db.open_pool(endpoints.database_url)
    await create_db_tables(*tables)
    async with db.connection() as connection:
        for one in statements:
            await connection.execute(one)
    await db.close_pool()
    return endpoints


async def test_migrations_make_the_schema_that_the_tables_describe(
    database: Endpoints, described: Endpoints
) -> None:
    wanted = await catalog(described.database_url)
    assert len(wanted) > 300
    found = differences(wanted, await catalog(database.database_url))
    assert found == [], "run make migrations, and see docs/migrations.md"


async def test_a_forgotten_column_default_or_constraint_would_be_found(
    database: Endpoints, described: Endpoints
) -> None:
    wanted = await catalog(described.database_url)
    for name in ("column audit_entry.action", "index audit_entry_action"):
        assert name in wanted
        lacking = {key: value for key, value in wanted.items() if key != name}
        assert differences(wanted, lacking) == [f"missing: {name}: {wanted[name]}"]
