"""The embedded Redis: a child of the server, on a Unix socket, with no module loaded."""

import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from core.engines.process import child, dying_with_parent
from core.engines.programs import Found, redis_program


def redis_socket(sockets: Path) -> Path:
    return sockets / "redis.sock"


@contextmanager
def redis_server(data_dir: Path, sockets: Path) -> Iterator[Found]:
    """Run Redis with nothing written to disk: all it holds can be rebuilt (decision 2). Yields
    the program that runs."""
    program = redis_program()
    socket = redis_socket(sockets)
    _stop_leftover(socket)
    folder = data_dir / "redis"
    folder.mkdir(exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "no",
        "save": "",
        "daemonize": "no",
    }
    command = [str(program.path)]
    for name, value in options.items():
        command += [f"--{name}", value]
    with child(
        dying_with_parent(command, signal.SIGTERM),
        log=data_dir / "log" / "redis.log",
        ready=lambda _pid: _answers(socket),
        stop_signal=signal.SIGTERM,
    ):
        yield program


def _client(socket: Path) -> redis.Redis:
    """Make a client that does not retry; by default it would for seconds."""
    return redis.Redis(unix_socket_path=str(socket), retry=Retry(NoBackoff(), 0))


def _answers(socket: Path) -> bool:
    with closing(_client(socket)) as client:
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False


def _stop_leftover(socket: Path) -> None:
    """Stop a server that outlived its killed parent."""
    if _answers(socket):
        with closing(_client(socket)) as client:
            client.shutdown(nosave=True)
