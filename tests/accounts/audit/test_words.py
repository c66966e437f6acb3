"""Every action that the code records has a name on screens, and no name is left over."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.audit.words import ACTIONS, SUBJECTS, action_name, actions_named, subject_name
from core.paths import ROOT

PACKAGES = ("core", "accounts", "contest", "voting", "scoring", "live")
# What stands for {…} where an action is put together.
FORMATTED = {
    "figures.{status}": {"figures.verified", "figures.refused"},
    "nomination.{status}": {"nomination.passed", "nomination.returned", "nomination.rejected"},
    "show.{mode}": {"show.board", "show.blank"},
    "{kind.noun}.proposed": {"void.proposed", "restoration.proposed"},
    "{kind.noun}.{outcome}": {
        f"{noun}.{outcome}"
        for noun in ("void", "restoration")
        for outcome in ("approved", "rejected")
    },
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def words_of(node: ast.expr, function: Function, module: ast.Module) -> set[str]:
    """The texts that an expression can be. Raises AssertionError when it cannot be told."""
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    if isinstance(node, ast.IfExp):
        return words_of(node.body, function, module) | words_of(node.orelse, function, module)
    if isinstance(node, ast.JoinedStr):
        return FORMATTED[ast.unparse(node)[2:-1]]
    assert isinstance(node, ast.Name), ast.unparse(node)
    assigned = [
        words_of(one.value, function, module)
        for one in ast.walk(function)
        if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == node.id
    ]
    names = [one.arg for one in function.args.args]
    if node.id in names:
        assigned += [
            words_of(call.args[names.index(node.id)], caller, module)
            for caller, call in calls_of(module, function.name)
        ]
    assert assigned, f"{node.id} in {function.name}"
    return set().union(*assigned)


def calls_of(module: ast.Module, name: str) -> Iterator[tuple[Function, ast.Call]]:
    for function in ast.walk(module):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == name:
                    yield function, call


def recorded(source: str) -> tuple[set[str], set[str]]:
    """The actions and the kinds of subject that a module records."""
    module = ast.parse(source)
    actions: set[str] = set()
    subjects: set[str] = set()
    for function, call in calls_of(module, "audit.record"):
        actions |= words_of(call.args[1], function, module)
        subjects |= words_of(call.args[2], function, module)
    return actions, subjects


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


def test_every_recorded_action_and_subject_has_its_name_and_no_name_is_left_over() -> None:
    found = [recorded(path.read_text(encoding="utf-8")) for path in sources()]
    assert set().union(*(actions for actions, _ in found)) == set(ACTIONS)
    assert set().union(*(subjects for _, subjects in found)) == set(SUBJECTS)


def test_nothing_is_recorded_past_the_one_function_that_is_looked_for() -> None:
    """`from core.audit import record` would hide an action from the test above."""
    hidden = [
        path
        for path in sources()
        if path.name not in {"audit.py", "tables.py"}
        and ("import record" in (text := path.read_text(encoding="utf-8")) or "AuditEntry(" in text)
    ]
    assert hidden == []


def test_actions_are_found_wherever_they_come_from() -> None:
    source = """
async def act(on):
    verb = "a.on" if on else "a.off"
    await audit.record(actor, verb, "thing", 1, now)
    await _note(contest, "a.noted")

async def _note(contest, action):
    await audit.record(actor, action, "contest", 1, now)
    await audit.record(actor, f"figures.{status}", "contest", 1, now)
"""
    actions, subjects = recorded(source)
    assert actions == {"a.on", "a.off", "a.noted", "figures.verified", "figures.refused"}
    assert subjects == {"thing", "contest"}
    with pytest.raises(AssertionError):
        recorded("def f():\n    audit.record(actor, unknown, 'x', 1, now)")


def test_names_are_chinese_and_told_apart() -> None:
    names = [*ACTIONS.values(), *SUBJECTS.values()]
    assert all("\u4e00" <= letter <= "\u9fff" or letter == "，" for n in names for letter in n)
    assert len(set(ACTIONS.values())) == len(ACTIONS)


def test_what_is_not_known_is_shown_as_it_was_written() -> None:
    assert (action_name("account.reset"), action_name("old.act")) == ("要求重新登记", "old.act")
    assert (subject_name("contest"), subject_name("old")) == ("评选", "old")


def test_actions_are_found_by_words_of_their_name() -> None:
    assert actions_named("锁定") == [
        "account.locked",
        "account.unlocked",
        "sheet.unsigned_lock_proposed",
    ]
    assert actions_named("account.") == []
