"""Mutation testing of the pure rules: a report of the changes that no test notices.

    python tools/mutants.py [voting/merkle_log/rules/merkle.py | voting | voting/rules ...]

Without an argument all rules are changed, which takes hours; a file takes a minute or two.
mutmut changes one thing at a time (a comparison, a constant, an operator …) in a copy of the
checkout and runs the tests of that package's rules. A change that survives shows what they do
not pin down; not every one is worth a test, so this is no gate.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
COPY = ROOT / "test-output" / "mutants"
ARGUMENTS = ("--noconftest", "-p", "no:xdist", "-p", "tests.support.hypothesis_profiles")
EXAMPLES = "--hypothesis-profile=mutants"


def main() -> None:
    sources = sorted(chosen(sys.argv[1:] or ["."]))
    if not sources:
        sys.exit("no rules there: name a file, a package or a folder of rules")
    print(f"mutants of {len(sources)} files, each against its package's tests of rules", flush=True)
    make_copy(sources, sorted(tests_of(sources)))
    log = COPY.with_suffix(".log")
    with log.open("wb") as output:
        done = subprocess.run(
            [BIN / "mutmut", "run"], cwd=COPY, stdout=output, stderr=output, check=False
        )
    if done.returncode != 0:
        sys.exit(f"mutmut failed; {log} ends:\n{log.read_text(errors='replace')[-2000:]}")
    report()


def chosen(names: Iterable[str]) -> set[str]:
    """The files of rules that the names stand for, as paths below the checkout."""
    found = set()
    for name in names:
        path = (ROOT / name).resolve()
        for file in [path] if path.is_file() else path.rglob("*.py"):
            place = file.relative_to(ROOT)
            if "rules" in place.parts[:-1] and place.parts[0] not in ("tests", "test-output"):
                found.add(str(place))
    return {one for one in found if not one.startswith(".") and not one.endswith("__init__.py")}


def tests_of(sources: Iterable[str]) -> set[str]:
    """The folders of tests that answer for these files, and the properties of scoring."""
    found = set()
    for source in sources:
        rules = source[: source.index("rules/") + len("rules")]
        found.add(f"tests/{rules}")
        if rules.startswith("scoring"):
            found.add("tests/properties")
    return {one for one in found if (ROOT / one).is_dir()}


def make_copy(sources: list[str], tests: list[str]) -> None:
    """The tracked files as they lie here, with mutmut's settings added to the project's."""
    shutil.rmtree(COPY, ignore_errors=True)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    tops = set()
    for name in filter(None, listed):
        source, target = ROOT / name, COPY / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
            tops.add(name.partition("/")[0])
    settings = {
        "source_paths": sources,
        "also_copy": sorted(tops - {"docs", "pyproject.toml"}),
        "pytest_add_cli_args": [*ARGUMENTS, EXAMPLES],
        "pytest_add_cli_args_test_selection": tests,
    }
    with (COPY / "pyproject.toml").open("a") as file:
        file.write("\n[tool.mutmut]\n")
        file.writelines(f"{name} = {json.dumps(value)}\n" for name, value in settings.items())


def report() -> None:
    lines = _mutmut("results").splitlines()
    survived = [name for name, state in map(_read, lines) if state in ("survived", "no tests")]
    for name in survived:
        print(f"\n{_mutmut('show', name).strip()}")
    _mutmut("export-cicd-stats")
    counts = json.loads((COPY / "mutants" / "mutmut-cicd-stats.json").read_text())
    noticed = counts["killed"] + counts["timeout"] + counts["segfault"]
    print(f"\n{noticed} of {counts['total']} changes were noticed, {len(survived)} were not")


def _read(line: str) -> tuple[str, str]:
    found = re.fullmatch(r"\s*(\S+): (.+)", line)
    return (found[1], found[2]) if found else ("", "")


def _mutmut(*arguments: str) -> str:
    done = subprocess.run(
        [BIN / "mutmut", *arguments], cwd=COPY, capture_output=True, text=True, check=True
    )
    return done.stdout


if __name__ == "__main__":
    main()
