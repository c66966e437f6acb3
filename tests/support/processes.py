"""Which processes are left."""

import os
from pathlib import Path

from tests.support.eventually import wait_until


def processes_naming(folder: Path) -> list[int]:
    """The processes whose command line names a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes() if entry.name.isdigit() else b""
        except (FileNotFoundError, ProcessLookupError):
            continue
        if os.fsencode(folder) in command:
            found.append(int(entry.name))
    return found


def until_none_names(folder: Path) -> None:
    wait_until(lambda: not processes_naming(folder), f"the end of every process of {folder}")
