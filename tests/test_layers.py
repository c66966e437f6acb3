"""What import-linter cannot see: that every store is named as private, that tables are imported
by their own subject's store alone, and what the modules at the top of the tree, which belong to
no package, may import."""

import ast
import configparser
import re
from importlib import import_module
from pathlib import Path

import pytest

from core.paths import ROOT

PRODUCT = {"core", "accounts", "fund", "contest", "voting", "scoring", "live"}
# What each module at the top may import of ours.
TOP = {
    "access": {"accounts"},
    "app": PRODUCT | {"access"},
    "cli": PRODUCT | {"app", "demo", "lab"},
    "piccolo_conf": {"core"},
}
# The audit log has no folder of its own: this module is its store.
AUDIT_STORE = "core.audit"
OURS = PRODUCT | {"demo", "lab", "tools", "tests", *TOP}


def protected(package: str) -> list[re.Pattern[str]]:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    named = parser[f"importlinter:contract:private-{package}"]["protected_modules"].split()
    return [re.compile(re.escape(name).replace(r"\*\*", r".+")) for name in named]


@pytest.mark.parametrize("package", sorted(PRODUCT - {"core"}))
def test_every_table_and_store_is_private(package: str) -> None:
    files = [
        path.relative_to(ROOT)
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"(^|_)(store|tables)($|_)", path.stem)
    ]
    modules = [".".join(path.with_suffix("").parts) for path in files]
    patterns = protected(package)
    assert [name for name in modules if not any(one.fullmatch(name) for one in patterns)] == []
    assert modules


def modules_of(package: str) -> dict[str, Path]:
    """Name → file of every module of ours, migrations left out."""
    paths = (ROOT / package).rglob("*.py")
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path
        for path in paths
        if "piccolo_migrations" not in path.parts
    }


def imported_modules(path: Path) -> set[str]:
    """Every dotted name that an import statement of the file names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found.add(str(node.module))
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def may_import_tables(importer: str, tables: str) -> bool:
    """Whether it is a store in the folder of the tables (or below it, where a package keeps its
    tables in one module), or another module of tables of the same package."""
    folder, _dot, name = importer.rpartition(".")
    subject = tables.rpartition(".")[0]
    if importer == AUDIT_STORE:
        return subject == "core"
    if name == "tables":
        return importer.partition(".")[0] == tables.partition(".")[0]
    is_store = re.search(r"(^|_)store($|_)", name) is not None
    return is_store and f"{folder}.".startswith(f"{subject}.")


@pytest.mark.parametrize("package", sorted(PRODUCT))
def test_tables_are_imported_by_their_own_store_alone(package: str) -> None:
    tables = {name for name in modules_of(package) if name.endswith(".tables")}
    assert tables
    wrong = [
        f"{importer} imports {name}"
        for importing in sorted(PRODUCT | {"demo", "lab", "tools"})
        for importer, path in modules_of(importing).items()
        for name in sorted(imported_modules(path) & tables)
        if not may_import_tables(importer, name)
    ]
    assert wrong == []


@pytest.mark.parametrize("package", sorted(PRODUCT))
def test_every_module_of_tables_is_named_to_piccolo(package: str) -> None:
    named = import_module(f"{package}.piccolo_app").TABLE_MODULES
    assert set(named) == {name for name in modules_of(package) if name.endswith(".tables")}


def imported_packages(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found.add(str(node.module).partition(".")[0])
        elif isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
    return found & OURS


def test_modules_at_the_top_are_all_known() -> None:
    assert {path.stem for path in ROOT.glob("*.py")} == TOP.keys()


@pytest.mark.parametrize("module", sorted(TOP))
def test_module_at_the_top_imports_what_it_may(module: str) -> None:
    assert imported_packages(ROOT / f"{module}.py") <= TOP[module]
