"""The import contracts name what there is: a new store is private from its first day."""

import configparser

import pytest

from core.web.assets import ROOT

PACKAGES = ("accounts", "contest", "voting", "scoring", "live")


def contracts() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return parser


@pytest.mark.parametrize("package", PACKAGES)
def test_every_table_and_store_is_private(package: str) -> None:
    named = contracts()[f"importlinter:contract:private-{package}"]["protected_modules"].split()
    folder = ROOT / package
    files = [*folder.glob("*store*.py"), *folder.glob("tables*.py")]
    assert sorted(named) == sorted(f"{package}.{file.stem}" for file in files)
