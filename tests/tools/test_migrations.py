"""Migrations as our tool writes them say the same as Piccolo's own, in a tenth of the lines."""

import importlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from piccolo.apps.migrations.auto import SchemaSnapshot
from piccolo.conf.apps import AppConfig, Finder

from tools.migrations import changes_since, snapshot_of, written

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
APPS = sorted(Finder().get_app_registry().app_configs.values(), key=lambda one: one.app_name)


@pytest.mark.parametrize("app", APPS, ids=lambda one: one.app_name)
async def test_tables_have_not_changed_since_the_newest_migration(app: AppConfig) -> None:
    forgotten = changes_since(app, await snapshot_of(app))
    assert [text for one in forgotten for text in one.statements] == [], "run make migrations"


@pytest.mark.parametrize("app", APPS, ids=lambda one: one.app_name)
async def test_one_migration_from_scratch_makes_every_table(
    app: AppConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"made_of_{app.app_name}.py"
    path.write_text(written(app.app_name, NOW, changes_since(app, [])))
    monkeypatch.syspath_prepend(tmp_path)
    manager = await importlib.import_module(path.stem).forwards()
    snapshot = SchemaSnapshot([manager]).get_snapshot()
    assert {one.class_name for one in snapshot} == {one.__name__ for one in app.table_classes}
    assert [one.statements for one in changes_since(app, snapshot) if one.statements] == []


async def test_a_changed_table_gets_a_short_migration() -> None:
    (app,) = [one for one in APPS if one.app_name == "core"]
    snapshot = await snapshot_of(app)
    (table,) = snapshot
    table.columns = [one for one in table.columns if one._meta.name != "action"]
    text = written(app.app_name, NOW, changes_since(app, snapshot))
    assert "TABLES" not in text
    assert text.count("manager.add_column(") == 1
    assert "column_name='action'" in text
