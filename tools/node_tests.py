"""The tests of the browser's scripts, in Node: tests/js.

    python tools/node_tests.py

The system's Node serves where it is new enough, else the one that Playwright brings along.
"""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = 20  # whose test runner these tests are written for


def main() -> None:
    tests = sorted(str(path) for path in (ROOT / "tests" / "js").glob("*.test.js"))
    sys.exit(subprocess.run([node(), "--test", *tests], cwd=ROOT, check=False).returncode)


def node() -> str:
    found = shutil.which("node")
    if found and version(found) >= OLDEST:
        return found
    playwright = find_spec("playwright")
    if playwright is None or playwright.origin is None:
        sys.exit(f"the scripts' tests need Node {OLDEST} or newer, or Playwright, which brings it")
    return str(Path(playwright.origin).parent / "driver" / "node")


def version(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    first = said.stdout.strip().removeprefix("v").partition(".")[0]
    return int(first) if first.isdigit() else 0


if __name__ == "__main__":
    main()
