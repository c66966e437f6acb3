"""Migrations from the tables, as short as they can be.

    python -m tools.migrations                  add one to each package whose tables have changed
    python -m tools.migrations --from-scratch   replace all by one for each package, and one with
                                                its raw SQL; only before the first release

Piccolo finds what has changed. It writes twenty lines for each column, most of them defaults; here
a column is one line of a list. What a package's `piccolo_app.py` names as RAW_SQL is written into
a file of its own beside the migration that runs it: a migration must not change with today's code.
"""

import ast
import asyncio
import contextlib
import io
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

from piccolo import __VERSION__
from piccolo.apps.migrations.auto import DiffableTable, SchemaDiffer, SchemaSnapshot
from piccolo.apps.migrations.auto.schema_differ import AlterStatements
from piccolo.apps.migrations.commands.base import BaseMigrationManager
from piccolo.conf.apps import AppConfig, Finder

from core.paths import ROOT

# What Column.__init__ takes when it is told nothing.
_DEFAULTS = {
    "null": "False",
    "primary_key": "False",
    "unique": "False",
    "index": "False",
    "index_method": "IndexMethod.btree",
    "choices": "None",
    "db_column_name": "None",
    "secret": "False",
    "schema": "None",
    "columns": "None",
}
# What ForeignKey.__init__ takes beside that.
_FOREIGN_KEY_DEFAULTS = {
    **_DEFAULTS,
    "null": "True",
    "on_delete": "OnDelete.cascade",
    "on_update": "OnUpdate.cascade",
    "target_column": "None",
}
_HEAD = '''"""{description}"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
{imports}

ID = "{id}"
VERSION = "{version}"
DESCRIPTION = "{description}"
'''
_BODY = """
async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="{app}", description=DESCRIPTION)
{statements}
    return manager
"""
_ADD_TABLES = """
    for (class_name, tablename), columns in TABLES.items():
        manager.add_table(class_name=class_name, tablename=tablename)
        for name, (kind, params) in columns.items():
            manager.add_column(
                table_class_name=class_name,
                tablename=tablename,
                column_name=name,
                db_column_name=name,
                column_class_name=kind.__name__,
                column_class=kind,
                params=params,
            )
"""
_RAW = '''"""{description}"""

from pathlib import Path

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from core.database import db

ID = "{id}"
VERSION = "{version}"
DESCRIPTION = "{description}"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="{app}", description=DESCRIPTION)

    async def run() -> None:
        async with db.connection() as connection:
            await connection.execute(Path(__file__).with_suffix(".sql").read_text("utf-8"))

    manager.add_raw(run)
    return manager
'''


def main() -> None:
    from_scratch = "--from-scratch" in sys.argv[1:]
    moment = datetime.now(UTC)
    for number, config in enumerate(Finder().get_app_registry().app_configs.values()):
        # in the order of the registry, and raw SQL after its package's tables
        at = moment.replace(microsecond=0) + timedelta(microseconds=10 * number)
        folder = Path(config.resolved_migrations_folder_path)
        if from_scratch:
            shutil.rmtree(folder)
            folder.mkdir()
            (folder / "__init__.py").touch()
        snapshot = [] if from_scratch else asyncio.run(snapshot_of(config))
        changes = changes_since(config, snapshot)
        if any(one.statements for one in changes):
            _write(folder, config.app_name, at, "Tables", written(config.app_name, at, changes))
        raw = getattr(import_module(f"{config.app_name}.piccolo_app"), "RAW_SQL", ())
        if from_scratch and raw:
            _write_raw(folder, config.app_name, at + timedelta(microseconds=1), raw)


async def snapshot_of(config: AppConfig) -> list[DiffableTable]:
    """The tables as the migrations on disk leave them."""
    managers = await BaseMigrationManager().get_migration_managers(app_config=config)
    return SchemaSnapshot(managers).get_snapshot()


def changes_since(config: AppConfig, snapshot: list[DiffableTable]) -> list[AlterStatements]:
    """What Piccolo finds between the snapshot and today's tables."""
    tables = [
        DiffableTable(
            class_name=one.__name__,
            tablename=one._meta.tablename,
            columns=one._meta.non_default_columns,
            constraints=one._meta.constraints,
            schema=one._meta.schema,
        )
        for one in config.table_classes
    ]
    with contextlib.redirect_stdout(io.StringIO()):  # it counts every kind of change aloud
        differ = SchemaDiffer(schema=tables, schema_snapshot=snapshot, auto_input="y")
        return differ.get_alter_statements()


def written(app: str, at: datetime, changes: Sequence[AlterStatements]) -> str:
    """The text of a migration that makes these changes."""
    calls = [_call(text) for change in changes for text in change.statements]
    new_tables = {_text(one, "class_name"): one for one in calls if _name(one) == "add_table"}
    columns = [one for one in calls if _name(one) == "add_column"]
    listed = [one for one in columns if _text(one, "table_class_name") in new_tables]
    others = [one for one in calls if one not in listed and _name(one) != "add_table"]
    definitions = sorted({str(one) for change in changes for one in change.extra_definitions})
    imports = sorted({repr(one) for change in changes for one in change.extra_imports})
    parts = [
        _HEAD.format(
            id=_id(at), version=__VERSION__, description="Tables", imports="\n".join(imports)
        ),
        *map(_compact, definitions),
        *([_listed(new_tables, listed)] if new_tables else []),
        _BODY.format(
            app=app,
            statements=(_ADD_TABLES if new_tables else "")
            + "".join(f"    {_short(one)}\n" for one in others),
        ),
    ]
    return "\n\n".join(parts)


def _listed(tables: dict[str, ast.Call], columns: list[ast.Call]) -> str:
    lines = ["TABLES = {"]
    for class_name, table in tables.items():
        lines.append(f"    ({class_name!r}, {_text(table, 'tablename')!r}): {{")
        for one in columns:
            if _text(one, "table_class_name") == class_name:
                assert _text(one, "column_name") == _text(one, "db_column_name")
                kind, params = _argument(one, "column_class"), _argument(one, "params")
                assert isinstance(params, ast.Dict)
                given = ", ".join(_given(ast.unparse(kind), params))
                lines.append(
                    f"        {_text(one, 'column_name')!r}: ({ast.unparse(kind)}, {{{given}}}),"
                )
        lines.append("    },")
    return "\n".join([*lines, "}"])


def _given(kind: str, params: ast.Dict) -> Iterator[str]:
    """The parameters of a column that are not what it takes when it is told nothing."""
    defaults = _FOREIGN_KEY_DEFAULTS if kind == "ForeignKey" else _DEFAULTS
    for key, value in zip(params.keys, params.values, strict=True):
        assert isinstance(key, ast.Constant)
        if defaults.get(str(key.value)) != ast.unparse(value):
            yield f"{key.value!r}: {ast.unparse(value)}"


def _compact(definition: str) -> str:
    """A stand-in for a table that foreign keys name, without the defaults of its columns."""
    tree = ast.parse(definition)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call | ast.ClassDef):
            _drop_defaults(node)
    return ast.unparse(tree) + "\n"


def _drop_defaults(node: ast.Call | ast.ClassDef) -> None:
    node.keywords = [
        one for one in node.keywords if _DEFAULTS.get(one.arg or "") != ast.unparse(one.value)
    ]


def _short(call: ast.Call) -> str:
    _drop_defaults(call)
    return ast.unparse(call)


def _call(statement: str) -> ast.Call:
    (expression,) = ast.parse(statement).body
    assert isinstance(expression, ast.Expr)
    assert isinstance(expression.value, ast.Call)
    return expression.value


def _name(call: ast.Call) -> str:
    assert isinstance(call.func, ast.Attribute)
    return call.func.attr


def _argument(call: ast.Call, name: str) -> ast.expr:
    (value,) = [one.value for one in call.keywords if one.arg == name]
    return value


def _text(call: ast.Call, name: str) -> str:
    value = _argument(call, name)
    assert isinstance(value, ast.Constant)
    return str(value.value)


def _id(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S:%f")


def _write(folder: Path, app: str, at: datetime, kind: str, text: str) -> Path:
    stamp = at.strftime("%Y_%m_%dt%H_%M_%S_%f")
    path = folder / f"{app}_{stamp}.py"
    path.write_text(text, "utf-8")
    ruff = Path(sys.executable).parent / "ruff"
    settings = ["--isolated", "--line-length", "100"]
    for command in (["check", "--fix", "--select", "I,F401,Q"], ["format"]):
        subprocess.run([ruff, *command, "--quiet", *settings, path], check=True)
    print(f"{kind}: {path.relative_to(ROOT)}, {len(path.read_text().splitlines())} lines")
    return path


def _write_raw(folder: Path, app: str, at: datetime, statements: tuple[str, ...]) -> None:
    description = "What Piccolo cannot say of the tables"
    text = _RAW.format(id=_id(at), version=__VERSION__, app=app, description=description)
    path = _write(folder, app, at, "Raw SQL", text)
    frozen = "\n\n".join(one.strip().rstrip(";") + ";" for one in statements)
    path.with_suffix(".sql").write_text(frozen + "\n", "utf-8")


if __name__ == "__main__":
    main()
