"""The embedded engines: a real PostgreSQL and a real Redis as children of the server.

Both listen on Unix sockets inside the data folder and nowhere else. The folder is locked while
they run; nothing in it may be shared by two servers. What is durable lives in `postgres/`;
`redis/` may be emptied at any time (`docs/architecture.md`, decisions 1 and 2).
"""

import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from core.database.migrate import APP_ROLE
from core.engines.postgres import DATABASE, OWNER_ROLE, SOCKET_NAME, postgres
from core.engines.programs import Found
from core.engines.redis import redis_server, redis_socket

# sockaddr_un holds 108 bytes on Linux and 104 on macOS, the closing nul included.
LONGEST_SOCKET_PATH = 103


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the engines listen.

    `database_url` signs in as the owner of the schema, for migrations only. `app_database_url`
    signs in as the limited role that serves requests. `programs` are those that were started.
    """

    database_url: str
    app_database_url: str
    redis_url: str
    programs: tuple[Found, ...] = field(default=(), compare=False)


class DataFolderInUse(RuntimeError):
    """Another process holds the data folder."""

    def __init__(self, folder: Path, pid: str) -> None:
        super().__init__(
            f"数据目录 {folder} 正由另一个服务进程（进程号 {pid}）使用；"
            "请先停止它，或换一个数据目录。\n"
            f"The data folder {folder} is in use by another server (pid {pid}); "
            "stop that one first or choose another folder."
        )
        self.folder = folder
        self.pid = pid


@contextmanager
def embedded_engines(
    data_dir: Path,
    *,
    database_url: str = "",
    app_database_url: str = "",
    redis_url: str = "",
) -> Iterator[Endpoints]:
    """Start the engines for whose place no URL is given, and stop them at the end.

    Call this on the main thread: on Linux the children die with the thread that started them.

    Raises:
        DataFolderInUse: another process runs its engines in `data_dir`.
        EngineFailed: an engine did not start; the message ends with the last lines of its log.
        NoProgramError: no PostgreSQL here can run on the folder's database.
    """
    if database_url and redis_url:
        yield Endpoints(database_url, app_database_url, redis_url)
        return
    data_dir = data_dir.resolve()
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as stack:
        lock = stack.enter_context(_lock_data_folder(data_dir))
        sockets = stack.enter_context(_socket_folder(data_dir))
        _write_lock(lock, sockets)
        programs = []
        if not redis_url:
            programs.append(stack.enter_context(redis_server(data_dir, sockets)))
        if not database_url:
            programs.append(stack.enter_context(postgres(data_dir, sockets)))
        own = endpoints_in(sockets)
        yield Endpoints(
            database_url or own.database_url,
            app_database_url or own.app_database_url,
            redis_url or own.redis_url,
            tuple(programs),
        )


def running_endpoints(data_dir: Path) -> Endpoints | None:
    """Say where the engines of a server that now runs on `data_dir` listen; None if none runs.

    For commands that are run while a server is running: backup, a new administrator.
    """
    path = data_dir.resolve() / "lock"
    if not path.exists():
        return None
    with path.open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _, sockets = file.read().splitlines()
            return endpoints_in(Path(sockets))
    return None


def endpoints_in(sockets: Path) -> Endpoints:
    """Where engines listen whose sockets are in this folder."""
    return Endpoints(
        database_url=f"postgresql://{OWNER_ROLE}@/{DATABASE}?host={sockets}",
        app_database_url=f"postgresql://{APP_ROLE}@/{DATABASE}?host={sockets}",
        redis_url=f"unix://{redis_socket(sockets)}",
    )


@contextmanager
def _lock_data_folder(data_dir: Path) -> Iterator[int]:
    """Lock the folder. The kernel drops the lock with this process, however it ends."""
    lock = os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(lock, 4096).decode().partition("\n")[0]
            raise DataFolderInUse(data_dir, holder or "?") from None
        yield lock
    finally:
        os.close(lock)


def _write_lock(lock: int, sockets: Path) -> None:
    """Note who holds the folder and where its sockets are, for `running_endpoints`."""
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n{sockets}\n".encode(), 0)


@contextmanager
def _socket_folder(data_dir: Path) -> Iterator[Path]:
    """Give a private folder whose path is short enough for a Unix socket.

    A folder outside `data_dir` is noted there, so that engines left over from a killed server
    are found again.
    """
    run = data_dir / "run"
    if len(os.fsencode(run / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
        run.mkdir(mode=0o700, exist_ok=True)
        yield run
        return
    note = data_dir / "run-elsewhere"
    folder = Path(note.read_text()) if note.exists() else None
    if folder is None or not _is_private(folder):
        folder = Path(tempfile.mkdtemp(prefix="shibaiqian-"))
        note.write_text(str(folder))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
    note.unlink(missing_ok=True)


def _is_private(folder: Path) -> bool:
    """Tell whether a folder is still there and nobody else can have put anything into it."""
    try:
        status = folder.lstat()
    except FileNotFoundError:
        return False
    return (
        stat.S_ISDIR(status.st_mode)
        and status.st_uid == os.geteuid()
        and (stat.S_IMODE(status.st_mode) == 0o700)
    )
