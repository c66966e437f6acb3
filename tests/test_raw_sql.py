"""Raw SQL keeps to the layers too: import-linter sees no table that a statement only names.

Every string of the product that looks like a statement is searched for names of tables. A
package may name its own tables, and those of a lower package that `LOWER_TABLES` lists for it.
"""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from piccolo.conf.apps import Finder
from piccolo.table import Table

from core.paths import ROOT

# The tables of lower packages that a package names, and why it does not ask their service.
LOWER_TABLES = {
    "accounts": {
        "audit_entry": "searching the log asks for what no service of core needs",
    },
    "voting": {
        "contest": "a batch of ballots reads and locks the phase in its one question",
        "entrant": "a batch of ballots reads the candidates in its one question",
    },
}

_STATEMENT = re.compile(
    r"^\s*(--.*\n\s*)*(SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|GRANT|REVOKE|DROP|LOCK"
    r"|TRUNCATE|FROM|JOIN|LEFT|WHERE|UNION|AND)\b"
)
_ONE = r"\"?[a-z_]+\"?(?![\w\"]*[.(])"
_NAMES = re.compile(
    rf"\b(?:FROM|JOIN|INTO|UPDATE|TABLE|REFERENCES|USING|ON|RETURNS|OUT \w+)\s+"
    rf"((?:{_ONE}(?:\s+(?:AS\s+)?[a-z_]+)?\s*,\s*)*{_ONE})"
)


def tables() -> dict[str, str]:
    """The package of every table, by the table's name."""
    found = {}
    for package in packages():
        for module in import_module(f"{package}.piccolo_app").TABLE_MODULES:
            for one in vars(import_module(module)).values():
                if isinstance(one, type) and issubclass(one, Table) and one.__module__ == module:
                    found[one._meta.tablename] = package
    return found


def packages() -> list[str]:
    return list(Finder().get_app_registry().app_configs)


def strings(path: Path) -> Iterator[str]:
    """The strings of a module, docstrings left out; what an f-string puts in becomes a blank."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values
    }
    docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if node in inside or node in docstrings:
            continue
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                str(one.value) if isinstance(one, ast.Constant) else " " for one in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def named(statement: str) -> set[str]:
    """Every word of a statement that stands where a table does."""
    if not _STATEMENT.match(statement):
        return set()
    words = set()
    for listed in _NAMES.findall(statement):
        words |= {part.split()[0].strip('"') for part in listed.split(",")}
    return words


def foreign(package: str, owners: dict[str, str]) -> dict[str, str]:
    """The tables of other packages that statements of this one name, with one such module."""
    return {
        word: str(path.relative_to(ROOT))
        for path in sorted((ROOT / package).rglob("*.py"))
        if "piccolo_migrations" not in path.parts
        for statement in strings(path)
        for word in named(statement)
        if owners.get(word, package) != package
    }


@pytest.mark.parametrize("package", packages())
def test_raw_sql_names_no_table_of_another_package_but_those_listed(package: str) -> None:
    owners = tables()
    found = foreign(package, owners)
    listed = LOWER_TABLES.get(package, {})
    assert {word: path for word, path in found.items() if word not in listed} == {}
    assert set(listed) == set(found), "listed, but named no more"
    below = packages()[: packages().index(package)]
    assert {owners[word] for word in listed} <= set(below)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("SELECT a FROM ballot one, tally JOIN vote USING (id)", {"ballot", "tally", "vote"}),
        ("DELETE FROM mark USING wanted, restoration WHERE x", {"mark", "wanted", "restoration"}),
        ("INSERT INTO vote (contest) SELECT contest FROM unnest($1)", {"vote"}),
        ("UPDATE contest SET phase = $1 WHERE entrant.id = 1", {"contest"}),
        ("CREATE TRIGGER t AFTER INSERT ON ballot REFERENCING x", {"ballot"}),
        ('ALTER TABLE "vote" ADD FOREIGN KEY (a) REFERENCES ballot (b)', {"vote", "ballot"}),
        ("JOIN ballot ON ballot.id = vote.id", {"ballot"}),
        ("Update the contest from the entrant", set()),
    ],
)
def test_tables_are_found_where_they_stand(statement: str, words: set[str]) -> None:
    assert named(statement) == words


def test_every_table_of_voting_is_seen_in_some_statement() -> None:
    """Else the search above would have gone blind."""
    owners = tables()
    seen = {
        word
        for path in (ROOT / "voting").rglob("*.py")
        for statement in strings(path)
        for word in named(statement)
    }
    assert {name for name, package in owners.items() if package == "voting"} <= seen
