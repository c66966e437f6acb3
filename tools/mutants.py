"""Mutation testing of the pure rules: a report of the changes that no test notices.

    python -m tools.mutants [voting/ledger/rules/merkle.py | voting | voting/ledger/rules ...]

Without an argument all rules are changed, which takes hours; a file takes a minute or two.
mutmut changes one thing at a time (a comparison, a constant, an operator …) in a copy of the
checkout and runs those of the rules' tests that pass through it. A change that survives shows
what they do not pin down; not every one is worth a test, so this is no gate.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tools.coverage_gate import FEW_EXAMPLES, PURE, tests_of_rules

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PURE_FOLDERS = (("scoring", "engine"), ("voting", "review", "detectors"))


def main() -> None:
    sources = sorted(chosen(sys.argv[1:] or ["."]))
    if not sources:
        sys.exit("no rules there: name a file, a package or a folder of rules")
    print(f"mutants of {len(sources)} files, against the tests of rules", flush=True)
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder) / "checkout"
        make_copy(copy, sources, tests_of_rules())
        log = Path(folder) / "log"
        with log.open("wb") as output:
            done = subprocess.run(
                [BIN / "mutmut", "run"], cwd=copy, stdout=output, stderr=output, check=False
            )
        if done.returncode != 0:
            sys.exit(f"mutmut failed, and said last:\n{log.read_text(errors='replace')[-2000:]}")
        report(copy)


def chosen(names: Iterable[str]) -> set[str]:
    """The files of rules that the names stand for, as paths below the checkout."""
    found = set()
    for name in names:
        path = (ROOT / name).resolve()
        for file in [path] if path.is_file() else path.rglob("*.py"):
            place = file.relative_to(ROOT)
            if is_rule(place) and place.parts[0] not in ("tests", "test-output"):
                found.add(str(place))
    return {one for one in found if not one.startswith(".") and not one.endswith("__init__.py")}


def is_rule(place: Path) -> bool:
    folders = place.parts[:-1]
    return "rules" in folders or place.name == "rules.py" or folders in PURE_FOLDERS


def make_copy(copy: Path, sources: list[str], tests: list[str]) -> None:
    """The tracked files as they lie here, with mutmut's settings added to the project's."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    tops = set()
    for name in filter(None, listed):
        source, target = ROOT / name, copy / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
            tops.add(name.partition("/")[0])
    settings = {
        "source_paths": sources,
        "also_copy": sorted(tops - {"docs", "pyproject.toml"}),
        "pytest_add_cli_args": [*PURE, FEW_EXAMPLES],
        "pytest_add_cli_args_test_selection": tests,
    }
    with (copy / "pyproject.toml").open("a") as file:
        file.write("\n[tool.mutmut]\n")
        file.writelines(f"{name} = {json.dumps(value)}\n" for name, value in settings.items())


def report(copy: Path) -> None:
    lines = _mutmut(copy, "results").splitlines()
    survived = [name for name, state in map(_read, lines) if state in ("survived", "no tests")]
    for name in survived:
        print(f"\n{_mutmut(copy, 'show', name).strip()}")
    _mutmut(copy, "export-cicd-stats")
    counts = json.loads((copy / "mutants" / "mutmut-cicd-stats.json").read_text())
    noticed = counts["killed"] + counts["timeout"] + counts["segfault"]
    print(f"\n{noticed} of {counts['total']} changes were noticed, {len(survived)} were not")


def _read(line: str) -> tuple[str, str]:
    found = re.fullmatch(r"\s*(\S+): (.+)", line)
    return (found[1], found[2]) if found else ("", "")


def _mutmut(copy: Path, *arguments: str) -> str:
    done = subprocess.run(
        [BIN / "mutmut", *arguments], cwd=copy, capture_output=True, text=True, check=True
    )
    return done.stdout


if __name__ == "__main__":
    main()
