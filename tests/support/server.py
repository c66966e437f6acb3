"""The real server as a process of its own, started and stopped as an operator does it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from core.paths import ROOT

START_SECONDS = 120
STOP_SECONDS = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class ServerProcess:
    """A server that answers at `url`, below which its site begins."""

    process: "subprocess.Popen[bytes]"
    url: str
    log: Path

    def interrupt(self) -> int:
        """Press Ctrl-C; return the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOP_SECONDS)


def command_line(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "cli", *arguments]


def environment(data_dir: Path, port: int, extra: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, "DATA_DIR": str(data_dir), "PORT": str(port), **extra}


@contextmanager
def serving(
    data_dir: Path, *, command: str = "demo", port: int = 0, **settings: str
) -> Iterator[ServerProcess]:
    """Run `shibaiqian demo` (or `serve`) on `data_dir` until the block ends.

    `settings` are environment variables of docs/runbook.md, such as ROOT_PATH="/vote".
    """
    port = port or free_port()
    data_dir.mkdir(parents=True, exist_ok=True)
    log = data_dir / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            command_line(command),
            cwd=ROOT,
            env=environment(data_dir, port, settings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    server = ServerProcess(process, f"http://127.0.0.1:{port}{settings.get('ROOT_PATH', '')}", log)
    try:
        _wait_until_healthy(server)
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(STOP_SECONDS)


def _wait_until_healthy(server: ServerProcess) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            answer = httpx.get(f"{server.url}/healthz", timeout=5)
        except httpx.TransportError:
            pass
        else:
            assert answer.status_code == 200, answer.text
            return
        assert server.process.poll() is None, server.log.read_text()
        assert time.monotonic() < deadline, server.log.read_text()
        time.sleep(0.05)
