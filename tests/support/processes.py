"""Which processes are left."""

import os
import time
from pathlib import Path


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
    deadline = time.monotonic() + 20
    while left := processes_naming(folder):
        assert time.monotonic() < deadline, left
        time.sleep(0.05)
