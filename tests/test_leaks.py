"""The check for what tests leave behind is shown things that are left behind."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

from core.paths import ROOT
from tests.support.eventually import wait_until
from tests.support.leaks import LeftBehind, nothing_left_behind

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
ORPHAN = "import os, sys; os.fork() and os._exit(0); os.setsid(); "
"""A process whose parent is gone; the rest of the line says what it becomes."""


def test_nothing_is_found_where_nothing_is_left(tmp_path: Path) -> None:
    with nothing_left_behind(tmp_path):
        subprocess.run([sys.executable, "-c", ""], check=True)
        with socket.create_server(("127.0.0.1", 0)), tempfile.TemporaryDirectory():
            pass


def test_process_is_found_named_with_its_test_and_ended(tmp_path: Path) -> None:
    with (
        pytest.raises(LeftBehind, match=r"test_process_is_found.*time\.sleep"),
        nothing_left_behind(tmp_path, grace=0),
    ):
        left = subprocess.Popen(SLEEP)
    assert left.wait() == -signal.SIGKILL


def test_orphan_without_environment_is_found_by_where_it_works(tmp_path: Path) -> None:
    with (
        pytest.raises(LeftBehind, match=r"time\.sleep"),
        nothing_left_behind(tmp_path, grace=0),
    ):
        _orphan("os.execve(sys.argv[1], sys.argv[1:], {})", tmp_path)
    wait_until(lambda: not _working_in(tmp_path), "the orphan's end")


def test_orphan_elsewhere_is_found_by_its_mark(tmp_path: Path) -> None:
    with pytest.raises(LeftBehind, match="process"), nothing_left_behind(tmp_path, grace=0):
        _orphan("os.execv(sys.argv[1], sys.argv[1:])", Path("/"))


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_UNIX])
def test_listening_socket_is_found(tmp_path: Path, family: socket.AddressFamily) -> None:
    address = ("127.0.0.1", 0) if family == socket.AF_INET else str(tmp_path / "socket")
    kind = "tcp port" if family == socket.AF_INET else "unix"
    with (
        pytest.raises(LeftBehind, match=f"socket {kind}"),
        nothing_left_behind(tmp_path, grace=0),
    ):
        left = socket.create_server(address, family=family)
    left.close()


def test_temporary_folder_is_found_and_removed(tmp_path: Path) -> None:
    with (
        pytest.raises(LeftBehind, match=r"temporary .*forgotten"),
        nothing_left_behind(tmp_path, grace=0),
    ):
        left = Path(tempfile.mkdtemp(prefix="forgotten"))
    assert not left.exists()


def test_temporary_files_of_a_child_are_found_too(tmp_path: Path) -> None:
    program = "import tempfile; tempfile.mkstemp(prefix='childs')"
    with (
        pytest.raises(LeftBehind, match=r"temporary .*childs"),
        nothing_left_behind(tmp_path, grace=0),
    ):
        subprocess.run([sys.executable, "-c", program], check=True)


def test_run_that_leaves_something_fails(tmp_path: Path) -> None:
    """A whole run of a test that passes but leaves a folder."""
    module = tmp_path / "test_leaves.py"
    module.write_text("import tempfile\ndef test_leaves(): tempfile.mkdtemp()\n")
    command = [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", str(tmp_path)]
    command += ["--basetemp", str(tmp_path / "inner")]
    command += ["-p", "tests.support.leaks", "-p", "no:cacheprovider", str(module)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout
    assert "1 passed, 1 error" in done.stdout
    assert "tests left behind: temporary" in done.stdout


def _orphan(become: str, folder: Path) -> None:
    subprocess.run([sys.executable, "-c", ORPHAN + become, *SLEEP], cwd=folder, check=True)
    wait_until(lambda: _working_in(folder), "the orphan")


def _working_in(folder: Path) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (entry / "cwd").readlink() == folder and b"time.sleep" in (
                entry / "cmdline"
            ).read_bytes():
                found.append(entry.name)
    return found
