"""What import-linter cannot see: that every store is named as private, and what the modules at
the top of the tree, which belong to no package, may import."""

import ast
import configparser
import re
from pathlib import Path

import pytest

from core.web.assets import ROOT

PRODUCT = {"core", "accounts", "fund", "contest", "voting", "scoring", "live"}
# What each module at the top may import of ours.
TOP = {
    "access": {"accounts"},
    "app": PRODUCT | {"access"},
    "cli": PRODUCT | {"app", "demo", "lab"},
    "piccolo_conf": {"core"},
}
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
