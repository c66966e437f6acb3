"""Make `.venv` from the lock files. Needs Python alone, any version of it.

    python3 tools/bootstrap.py requirements.lock

Only what the lock files name is installed, and only if its hash is theirs. The registries are
the machine's own: nothing in the project names one.
"""

import os
import re
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
OLDEST = (3, 11)


def main() -> None:
    if sys.version_info < OLDEST:
        found = "{}.{}".format(*sys.version_info)
        sys.exit(
            f"需要 Python 3.11 或更高版本, 现在是 {found}. 请安装后执行: make PYTHON=python3.12 …\n"
            f"Python 3.11 or newer is needed; this is {found}. Install one and name it: "
            "make PYTHON=python3.12 …"
        )
    lock = ROOT / sys.argv[1]
    step("Python environment", make_venv)
    step("installer", lambda: install_uv(lock))
    step(f"packages of {lock.name}", lambda: install_packages(lock))


def step(name: str, do: "Callable[[], None]") -> None:
    started = time.monotonic()
    print(f"set-up: {name} …", flush=True)
    do()
    print(f"set-up: {name} ready ({time.monotonic() - started:.0f} s)", flush=True)


def run(
    *command: "str | Path", stdin: str = "", environment: "dict[str, str] | None" = None
) -> None:
    arguments = [str(part) for part in command]
    done = subprocess.run(arguments, cwd=ROOT, env=environment, input=stdin, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"set-up failed: {Path(command[0]).name} {command[1]} (see above)")


def make_venv() -> None:
    if not (VENV / "bin" / "pip").exists():
        venv.create(VENV, with_pip=True, clear=True)


def install_uv(lock: Path) -> None:
    """Install uv by pip; uv then installs everything else many times faster."""
    entry = re.search(r"^uv==.*(?:\n[ ]+--hash=.*)+", lock.read_text(), re.MULTILINE)
    assert entry is not None, "the lock file pins uv"
    run(
        *(VENV / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("--require-hashes", "--no-deps", "--requirement", "/dev/stdin"),
        stdin=entry.group(),
    )


def install_packages(lock: Path) -> None:
    def uv_install(*arguments: "str | Path") -> None:
        uv = (VENV / "bin" / "uv", "pip", "install", "--quiet", "--no-deps", "--python", VENV)
        run(*uv, *arguments, environment=uv_environment())

    uv_install("--require-hashes", "--requirement", lock)
    # Our own packages are used where they lie; this adds the `shibaiqian` command.
    in_place = ("--config-settings", "editable_mode=compat", "--editable", ".")
    uv_install("--no-build-isolation", *in_place)


def uv_environment() -> "dict[str, str]":
    """Hand pip's settings of this machine to uv, which does not read them."""
    environment = {"UV_SYSTEM_CERTS": "1", **os.environ}
    asked = subprocess.run(
        [VENV / "bin" / "pip", "config", "get", "global.index-url"],
        capture_output=True,
        text=True,
        check=False,
    )
    index = os.environ.get("PIP_INDEX_URL") or asked.stdout.strip()
    if index:
        environment.setdefault("UV_DEFAULT_INDEX", index)
    return environment


if __name__ == "__main__":
    main()
