"""The real server as a process of its own, started and stopped as an operator does it."""

import itertools
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from core.paths import ROOT
from tests.support.eventually import PATIENCE, wait_until

START_SECONDS = 120
STOP_SECONDS = PATIENCE


_ports = itertools.count()


def free_port() -> int:
    """A port that nobody listens at, from a range of this worker's own.

    The system's own choice may be given away again before the server takes it: to another
    worker of the run, or to any client that connects somewhere. It chooses from 32768 upwards.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    first = 20_000 + int(worker) % 12 * 1_000
    for number in itertools.islice(_ports, 1_000):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", first + number % 1_000))
            return first + number % 1_000
    raise AssertionError("no port of a thousand is free")


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
    def answered() -> httpx.Response | None:
        assert server.process.poll() is None, server.log.read_text()
        try:
            return httpx.get(f"{server.url}/healthz", timeout=5)
        except httpx.TransportError:
            return None

    answer = wait_until(answered, f"a server that writes to {server.log}", within=START_SECONDS)
    assert answer is not None
    assert answer.status_code == 200, answer.text
