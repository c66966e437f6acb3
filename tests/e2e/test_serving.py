"""Starting and stopping the server as an operator does."""

import os
import signal
import socket
import subprocess
from pathlib import Path

import httpx

from core.engines.embedded import DataFolderInUse
from core.paths import ROOT
from tests.support.eventually import PATIENCE
from tests.support.processes import processes_naming, until_none_names
from tests.support.server import command_line, environment, free_port, serving


def refusal(data_dir: Path, port: int, **settings: str) -> tuple[int, str]:
    """The exit code and the words of a server that does not start."""
    done = subprocess.run(
        command_line("serve"),
        cwd=ROOT,
        env=environment(data_dir, port, settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode, done.stderr


def test_ctrl_c_in_a_terminal_reaches_the_children_only_through_us(tmp_path: Path) -> None:
    """A terminal interrupts the whole process group; PostgreSQL must outlast the server."""
    with serving(tmp_path, command="serve") as server:
        assert len(processes_naming(tmp_path)) >= 2
        os.killpg(server.process.pid, signal.SIGINT)
        assert server.process.wait(PATIENCE) == 0
    assert processes_naming(tmp_path) == []
    assert "database system is shut down" in (tmp_path / "log" / "postgres.log").read_text()
    assert "Traceback" not in server.log.read_text()


def test_kill_9_leaves_no_child_and_the_next_start_serves(tmp_path: Path) -> None:
    with serving(tmp_path, command="serve") as server:
        server.process.kill()
        server.process.wait()
        until_none_names(tmp_path)
    with serving(tmp_path, command="serve") as server:
        assert httpx.get(f"{server.url}/healthz").json() == {"status": "ok"}


def test_second_server_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with serving(tmp_path, command="serve") as server:
        code, words = refusal(tmp_path, free_port())
        assert code == 2
        assert (
            words == f"正在启动 starting …\n{DataFolderInUse(tmp_path, str(server.process.pid))}\n"
        )
        assert httpx.get(f"{server.url}/healthz").status_code == 200


def test_port_in_use_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as occupied:
        port = occupied.getsockname()[1]
        code, words = refusal(tmp_path / "data", port)
    assert code == 2
    assert words.startswith(f"端口 {port} 已被别的程序占用")
    assert not (tmp_path / "data").exists()
