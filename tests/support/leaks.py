"""What a run leaves behind: processes, listening sockets, entries of the temporary folder.

Each worker of a run looks at what is its own: the processes that it started or that work in
its folders, its own sockets, and a temporary folder that nobody else uses.
"""

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.eventually import wait_until

GRACE = 20.0
"""Seconds for what is ending already."""

_MARK = "SHIBAIQIAN_TEST_RUN"
_LISTENS_TCP, _ACCEPTS_UNIX = "0A", 0x10000


class LeftBehind(AssertionError):
    """The tests left something; the message names all of it."""


@dataclass(frozen=True)
class Process:
    number: int
    command: str
    test: str
    """The test that was running when the process was started, as far as it tells."""

    def __str__(self) -> str:
        return f"process {self.number} of {self.test or 'a test'}: {self.command}"


@contextmanager
def nothing_left_behind(folder: Path, grace: float = GRACE) -> Iterator[None]:
    """Fail at the end if there is anything that was not there at the beginning.

    `folder` is where the tests of the block keep their files: a process that works in it is
    theirs, even one whose parent is gone and which has cleared its environment, as
    PostgreSQL does. Temporary files go to a folder of the block's own meanwhile.
    """
    before, sockets = set(_ours(folder)), _listening()
    temporary = Path(tempfile.mkdtemp(prefix="test-"))
    kept = {"TMPDIR": str(temporary), _MARK: f"{os.getpid()}-{temporary.name}"}
    try:
        with _environment(kept), _temporary_folder(temporary):
            yield
        left = [
            *_what_stays(lambda: _started(folder, before, kept[_MARK]), grace),
            *_what_stays(lambda: [f"socket {one}" for one in _listening() - sockets], grace),
            *(f"temporary {one}" for one in temporary.iterdir()),
        ]
        for one in left:
            if isinstance(one, Process):
                with suppress(ProcessLookupError):
                    os.kill(one.number, signal.SIGKILL)
        if left:
            raise LeftBehind("tests left behind: " + "; ".join(map(str, left)))
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _nothing_left_behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Begins before every other fixture of the run and ends after all of them."""
    with nothing_left_behind(tmp_path_factory.getbasetemp().resolve()):
        yield


def _what_stays(found: Callable[[], "list[Process] | list[str]"], grace: float) -> list[object]:
    with suppress(AssertionError):
        wait_until(lambda: not found(), within=grace)
    return list(found())


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


@contextmanager
def _temporary_folder(folder: Path) -> Iterator[None]:
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


def _started(folder: Path, before: set[int], mark: str) -> list[Process]:
    return [_process(number) for number in _ours(folder, mark) if number not in before]


def _ours(folder: Path, mark: str = "") -> Iterator[int]:
    """The processes that descend from this one, work in the folder or carry the mark."""
    parents = {}
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and (parent := _living_parent(entry)):
                parents[int(entry.name)] = parent
    for number in parents:
        if number != os.getpid() and (
            _descends(number, parents) or _works_in(number, folder) or _carries(number, mark)
        ):
            yield number


def _living_parent(entry: Path) -> int:
    """0 for a process that has ended and only waits to be asked how."""
    state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
    return 0 if state in "ZX" else int(parent)


def _descends(number: int, parents: dict[int, int]) -> bool:
    while number := parents.get(number, 0):
        if number == os.getpid():
            return True
    return False


def _works_in(number: int, folder: Path) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{number}/cwd").readlink().is_relative_to(folder)
    return False


def _carries(number: int, mark: str) -> bool:
    return bool(mark) and _variable(number, _MARK) == mark


def _variable(number: int, name: str) -> str:
    with suppress(OSError):
        for one in Path(f"/proc/{number}/environ").read_bytes().split(b"\0"):
            if one.startswith(f"{name}=".encode()):
                return one.partition(b"=")[2].decode(errors="replace")
    return ""


def _process(number: int) -> Process:
    command = ""
    with suppress(OSError):
        command = Path(f"/proc/{number}/cmdline").read_text(errors="replace")
    words = command.replace("\0", " ").strip()[:200]
    return Process(number, words, _variable(number, "PYTEST_CURRENT_TEST"))


def _listening() -> set[str]:
    """The sockets at which this process listens."""
    own = set()
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            own.add(str(entry.readlink()).removeprefix("socket:[").removesuffix("]"))
    found = set()
    for name in ("tcp", "tcp6"):
        for line in _table(name):
            if line[3] == _LISTENS_TCP and line[9] in own:
                found.add(f"{name} port {int(line[1].rpartition(':')[2], 16)}")
    for line in _table("unix"):
        if int(line[3], 16) & _ACCEPTS_UNIX and line[6] in own:
            found.add(f"unix {' '.join(line[7:])}")
    return found


def _table(name: str) -> list[list[str]]:
    with suppress(OSError):
        return [line.split() for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    return []
