"""Servers as processes of their own, in a temporary folder, for the length of a bench."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from core.engines.embedded import Endpoints
from core.paths import ROOT

_START_SECONDS = 60
_STOP_SECONDS = 30


@dataclass(frozen=True)
class Served:
    """A server that answers at `url`; `pid` is the process whose CPU time is measured."""

    url: str
    pid: int

    def cpu_seconds(self) -> float:
        """User and system time so far; less affected by other processes than elapsed time."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def application(
    folder: Path, endpoints: Endpoints, *, port: int = 0, **settings: str
) -> Iterator[Served]:
    """One process of the whole product, on engines that run already; by default on any port."""
    environment = {
        "DATA_DIR": str(folder),
        "DATABASE_URL": endpoints.database_url,
        "APP_DATABASE_URL": endpoints.app_database_url,
        "REDIS_URL": endpoints.redis_url,
        **settings,
    }
    command = [sys.executable, "-m", "cli", "serve"]
    with _process(command, folder, environment, port or free_port()) as served:
        yield served


@contextmanager
def empty_endpoint(folder: Path) -> Iterator[Served]:
    """The reference: the same framework and server with an empty handler."""
    with _process([sys.executable, "-m", "lab.bench.empty"], folder, {}, free_port()) as served:
        yield served


@contextmanager
def plain_sockets(folder: Path) -> Iterator[Served]:
    """The reference for sockets: the library that the product's server uses, and no more."""
    command = [sys.executable, "-m", "lab.bench.plain_sockets"]
    with _process(command, folder, {}, free_port()) as served:
        yield served


@contextmanager
def _process(
    command: Sequence[str], folder: Path, environment: dict[str, str], port: int
) -> Iterator[Served]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command,
            cwd=ROOT,
            env={**os.environ, "PORT": str(port), **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        served = Served(f"http://127.0.0.1:{port}", process.pid)
        try:
            _wait_for(served, process, folder / "server.log")
            yield served
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(served: Served, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            httpx.get(f"{served.url}/healthz", timeout=5, trust_env=False).raise_for_status()
        except (httpx.TransportError, httpx.HTTPStatusError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the server did not answer:\n{log.read_text()[-3000:]}")
