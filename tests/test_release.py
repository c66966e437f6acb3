"""The version stands in one place, and the documents for developers name what is there."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from core.paths import ROOT
from tests.support.server import command_line

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
NAMED = re.compile(r"`((?:[a-z_]+/)+(?:[a-z_0-9]+\.[a-z]+)?|[a-zA-Z_]+\.(?:py|md|toml))`")


def test_command_says_the_version_of_pyproject() -> None:
    told = subprocess.run(
        command_line("--version"), cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout == f"shibaiqian {VERSION}\n"


def test_changelog_opens_with_the_version() -> None:
    headings = re.findall(r"^## (\S+) \(\d{4}-\d\d-\d\d\)$", _text("CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == VERSION
    assert len(headings) == len(set(headings))


@pytest.mark.parametrize("document", ["CONTRIBUTING.md", "docs/migrations.md"])
def test_every_file_that_a_document_names_is_there(document: str) -> None:
    named = set(NAMED.findall(_text(document)))
    assert len(named) > 2
    assert sorted(name for name in named if not _is_there(name)) == []


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "adr"
    files = {path.name for path in folder.glob("0*.md")}
    listed = re.findall(r"\]\((0[^)]+\.md)\)", (folder / "README.md").read_text("utf-8"))
    assert set(listed) == files
    assert len(listed) == len(files)


def _text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def _is_there(name: str) -> bool:
    if name == "piccolo_migrations/":
        return True  # one in each package
    path = ROOT / name
    return path.exists() or (name == Path(name).name and any(ROOT.glob(f"*/{name}")))
