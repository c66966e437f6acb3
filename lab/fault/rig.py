"""The whole product on its engines, each of which can be killed and started by itself."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import redis

from core.database.migrate import migrate
from core.engines.embedded import Endpoints, endpoints_in
from core.engines.postgres import postgres
from core.engines.redis import redis_server, redis_socket
from lab.bench.poll import open_poll
from lab.bench.servers import Served, application, free_port
from lab.fault.disk import Disk
from lab.fault.wrong_clock import WrongClock

_UP_WITHIN = 90


@dataclass
class Rig:
    """What runs, and how to break it. `folder` keeps the apps' files, `data` the engines'."""

    folder: Path
    data: Path
    processes: int
    disk: Disk | None
    clock: WrongClock | None
    port: int = field(default_factory=free_port)
    kills: int = 0
    _running: dict[str, ExitStack] = field(default_factory=dict)
    _served: dict[str, Served] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def apps(self) -> list[str]:
        return [f"app {number}" for number in range(1, self.processes + 1)]

    @property
    def everything(self) -> list[str]:
        return ["redis", "postgres", *self.apps]

    @property
    def _sockets(self) -> Path:
        return self.folder / "run"

    @property
    def endpoints(self) -> Endpoints:
        return endpoints_in(self._sockets)

    def open(self, voters: int) -> None:
        """Start the engines, make the contest and its voters, start the apps."""
        self._sockets.mkdir(mode=0o700)
        self.start("redis", "postgres")
        asyncio.run(migrate(self.endpoints.database_url))
        asyncio.run(open_poll(self.endpoints, self.folder, voters))
        self.start(*self.apps)

    def start(self, *names: str) -> None:
        for name in names:
            stack = self._running[name] = ExitStack()
            if name == "redis":
                stack.enter_context(redis_server(self.data, self._sockets))
            elif name == "postgres":
                stack.enter_context(postgres(self.data, self._sockets))
            else:
                self._served[name] = stack.enter_context(self._app())

    def kill(self, *names: str) -> None:
        """Kill -9 at one moment, PostgreSQL with all its processes; then clear the remains."""
        pids = {name: self._pid(name) for name in names}
        if "postgres" in pids:
            for child in _children_of(pids["postgres"]):
                _kill(child)
        for pid in pids.values():
            _kill(pid)
        self.kills += len(pids)
        for name in pids:
            self._running.pop(name).close()

    def postgres_is_up(self) -> bool:
        try:
            os.kill(self._pid("postgres"), 0)
        except (OSError, ValueError, IndexError):
            return False
        return True

    def restart_postgres_if_down(self) -> None:
        """As its service manager would, once it has ended by itself."""
        if not self.postgres_is_up():
            self._running.pop("postgres").close()
            self.start("postgres")

    def flush_redis(self) -> None:
        with redis.Redis(unix_socket_path=str(redis_socket(self._sockets))) as client:
            client.flushall()

    def wait_until_up(self) -> float:
        """Until the site says that it reaches both engines; how many seconds that took."""
        began = time.monotonic()
        while time.monotonic() - began < _UP_WITHIN:
            try:
                if httpx.get(f"{self.url}/healthz", timeout=5, trust_env=False).status_code == 200:
                    return time.monotonic() - began
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise RuntimeError(f"the site is not up again after {_UP_WITHIN} s; see {self.folder}")

    def close(self) -> None:
        for name in reversed(self.everything):
            if name in self._running:
                self._running.pop(name).close()

    @contextmanager
    def _app(self) -> Iterator[Served]:
        settings = {"TRUSTED_PROXIES": "127.0.0.1", "SHARE_PORT": "1"}
        if self.clock is not None:
            settings |= self.clock.environment
        with application(self.folder, self.endpoints, port=self.port, **settings) as served:
            yield served

    def _pid(self, name: str) -> int:
        if name == "postgres":
            return int((self.data / "postgres" / "postmaster.pid").read_text().split("\n")[0])
        if name == "redis":
            with redis.Redis(unix_socket_path=str(redis_socket(self._sockets))) as client:
                return int(client.info("server")["process_id"])
        return self._served[name].pid


def _children_of(parent: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = status.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found.append(int(status.parent.name))
    return found


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
