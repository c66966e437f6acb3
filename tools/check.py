"""Every check and every test of the project, one after the other; stops at the first that fails.

    python tools/check.py [--lint]

pytest comes last, so that its summary ends the output.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

LINT = (
    ("style", "ruff", "check", "."),
    ("format", "ruff", "format", "--check", "--quiet", "."),
    ("types", "mypy", "."),
    ("import contracts", "lint-imports", "--no-logo"),
    ("dependencies", "deptry", "."),
    ("templates", "djlint", "frontend_templates", "--lint", "--quiet"),
    ("scripts and styles", "biome", "lint", "--error-on-warnings"),
    ("message catalogue", "python", "tools/messages.py"),
    ("list of files", "python", "tools/file_map.py"),
)
SYSTEM = ("browser and fonts", "python", "tools/system_packages.py")
SCRIPTS = ("tests of scripts", "python", "tools/node_tests.py")
COVERAGE = ("coverage of the rules", "python", "tools/coverage_gate.py", "rules")
# A worker for each processor, at most four: each has engines of its own, and one unit of tests,
# all that share a site and a browser, takes a quarter of the time whatever the others do.
WORKERS = min(max(os.cpu_count() or 2, 2), 4)
TESTS = ("tests", "python", "-m", "pytest", "-n", str(WORKERS))


def main() -> None:
    for check in LINT if "--lint" in sys.argv[1:] else (*LINT, SYSTEM, SCRIPTS, COVERAGE, TESTS):
        run(*check)


def run(name: str, program: str, *arguments: str) -> None:
    print(f"── {name}: {program} {' '.join(arguments)}", flush=True)
    started = time.monotonic()
    done = subprocess.run(
        [BIN / program, *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "NO_COLOR": "1"},
        check=False,
    )
    if done.returncode != 0:
        seconds = time.monotonic() - started
        sys.exit(f"✗ {name} failed after {seconds:.0f} s; what comes after it did not run")


if __name__ == "__main__":
    main()
