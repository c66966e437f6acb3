"""What import contracts cannot see: rules are handed the time, they never read it."""

import ast
from pathlib import Path

import pytest

from core.paths import ROOT

CLOCK_CALLS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter"}
CLOCKS = {"datetime", "date", "time", "SystemClock"}
PACKAGES = ("accounts", "fund", "contest", "voting", "scoring", "live")
PURE_FOLDERS = {"rules", "engine", "verification", "detectors"}
RULES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if path.name != "__init__.py"
    and (path.stem == "rules" or PURE_FOLDERS & set(path.relative_to(ROOT).parts))
)


def clock_reads(source: str) -> list[int]:
    """The lines that call a clock."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCK_CALLS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in CLOCKS
    ]


@pytest.mark.parametrize("path", RULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_rule_reads_no_clock(path: Path) -> None:
    assert clock_reads(path.read_text()) == []


def test_clock_reads_are_recognised() -> None:
    assert clock_reads("x = 1\ny = datetime.now(UTC)\nz = date.today()\nmoment.time()") == [2, 3]
