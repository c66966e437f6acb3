"""Every name of docs/glossary.md is a name of the code, or a part of one."""

import re

import pytest

from core.paths import ROOT

PRODUCT = ("core", "accounts", "fund", "contest", "voting", "scoring", "live")
ROW = re.compile(r"\| ([^|`]+) \| `(\w+)` \| ([^|]+) \|")
ROWS = ROW.findall((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))
CODE = "\n".join(
    f"{path.relative_to(ROOT)}\n{path.read_text(encoding='utf-8')}"
    for package in PRODUCT
    for path in sorted((ROOT / package).rglob("*.py"))
    if "piccolo_migrations" not in path.parts
)


def test_a_name_stands_for_one_term() -> None:
    names = [name for _term, name, _meaning in ROWS]
    assert len(names) > 50
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("name", [name for _term, name, _meaning in ROWS])
def test_name_occurs_in_the_code(name: str) -> None:
    assert re.search(rf"(?<![A-Za-z]){name}(?![A-Za-z])", CODE)
