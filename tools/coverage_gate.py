"""How much of the pure rules, or of the services, the tests run through; fails below a floor.

    python tools/coverage_gate.py rules      a minute: part of `make test`
    python tools/coverage_gate.py services   half an hour: `make coverage`, at night

Measuring makes Python 3.11 nearly half as slow again, so `make test` measures only the tests of
the rules: these need no server and no database. Services are used by most tests of the suite,
so measuring them is a run of the whole suite, which is for the night.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "test-output" / "coverage"
RULES = "*/rules/*.py,*/rules.py,scoring/engine/*.py,voting/review/detectors/*.py"
SERVICES = "*/service.py,*/ballot_box.py,*/certification.py,*/enrolment.py"
FLOORS = {"rules": (RULES, 88.5), "services": (SERVICES, 0)}
"""What is measured, and the per cent of its lines and branches below which the gate fails: just
under what was measured when the floor was set. It may rise, never fall."""

PURE = ("--noconftest", "-p", "no:xdist", "-p", "tests.support.hypothesis_profiles")
FEW_EXAMPLES = "--hypothesis-profile=mutants"
NEEDS_SHARED = ("test_real_skating.py", "test_real_song_contest.py")
"""Tests of real results: they need a fixture, and say nothing that the others do not cover."""


def main() -> None:
    if sys.argv[1:] not in (["rules"], ["services"]):
        sys.exit("coverage of what? python tools/coverage_gate.py rules | services")
    part = sys.argv[1]
    shutil.rmtree(DATA, ignore_errors=True)
    DATA.mkdir(parents=True)
    arguments = [*PURE, FEW_EXAMPLES, *tests_of_rules()] if part == "rules" else ["-n", "2"]
    environment = {**os.environ, "COVERAGE_FILE": str(DATA / "data")}

    def coverage(*words: str) -> int:
        command = [sys.executable, "-m", "coverage", *words]
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode

    failed = coverage("run", "-m", "pytest", "-q", "--no-header", *arguments)
    if failed:
        sys.exit("the tests themselves failed")
    coverage("combine", "--quiet")
    include, floor = FLOORS[part]
    sys.exit(coverage("report", f"--include={include}", f"--fail-under={floor}"))


def tests_of_rules() -> list[str]:
    """Whatever tests rules alone; the rest of a package's tests stand beside these."""
    tests = ROOT / "tests"
    found = {
        *tests.glob("*/**/rules/test_*.py"),
        *tests.glob("*/**/test_rules.py"),
        *tests.glob("scoring/engine/test_*.py"),
        *tests.glob("voting/review/detectors/test_*.py"),
    }
    return sorted(str(one.relative_to(ROOT)) for one in found if one.name not in NEEDS_SHARED)


if __name__ == "__main__":
    main()
