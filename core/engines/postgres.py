"""The embedded PostgreSQL: a child of the server, on a Unix socket, in the data folder."""

import os
import pwd
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.database.migrate import APP_ROLE
from core.engines.process import (
    POLL_SECONDS,
    STOP_SECONDS,
    child,
    dying_with_parent,
    run_tool,
    without_root,
)
from core.engines.programs import Found, postgres_for

_MEGABYTE, _GIGABYTE = 2**20, 2**30


def shared_buffers(memory: int) -> str:
    """The quarter of the machine's `memory` (bytes) that PostgreSQL's manual begins with, up to
    1 GB: that holds the keys of ten million ballots, whose order is random by design, so that
    to check one reads nothing from disk."""
    return f"{min(memory // 4, _GIGABYTE) // _MEGABYTE}MB"


def _memory() -> int:
    """Bytes of the machine, or of the container where that has less."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()
    except OSError:
        return whole
    return min(whole, int(limit)) if limit.isdigit() else whole


OWNER_ROLE = "shibaiqian"
DATABASE = "shibaiqian"
SOCKET_NAME = ".s.PGSQL.5432"

# Given on the command line, so that nothing in the folder can weaken them. The first three are
# the promise "acknowledged means committed" (docs/architecture.md, decisions 1 and 4).
SETTINGS = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": shared_buffers(_memory()),
    # after a checkpoint the first change of a page logs the whole page, so checkpoints are rare
    "max_wal_size": "2GB",
    # log files that a checkpoint frees are kept for reuse: creating a new one while many vote
    # delays every commit by some 50 ms
    "min_wal_size": "512MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}

CREATE_APP_ROLE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
        CREATE ROLE {APP_ROLE} LOGIN;
    END IF;
END $$
"""
CREATE_DATABASE = f"""
SELECT 'CREATE DATABASE {DATABASE}'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec
"""  # noqa: S608 - constants of this file


@contextmanager
def postgres(data_dir: Path, sockets: Path) -> Iterator[Found]:
    """Run PostgreSQL on `data_dir/postgres`, with the database and the limited role created.

    The caller holds the lock of `data_dir`: so a server still running there was left over from a
    killed parent, and is stopped first. Yields the programs that run it.
    """
    cluster = data_dir / "postgres"
    programs = postgres_for(cluster)
    if not cluster.exists():
        _create_cluster(cluster, programs.path)
    _stop_leftover(cluster, sockets, programs.path)
    command = [str(programs.path / "postgres"), "-D", str(cluster), "-k", str(sockets)]
    for name, value in SETTINGS.items():
        command += ["-c", f"{name}={value}"]
    with child(
        # In this order: changing the account clears the death signal in the kernel.
        without_root(dying_with_parent(command, signal.SIGINT)),
        log=data_dir / "log" / "postgres.log",
        ready=lambda pid: _is_ready(cluster, pid),
        stop_signal=signal.SIGINT,  # "fast" shutdown: open transactions roll back
    ):
        _psql(programs.path, sockets, CREATE_APP_ROLE, CREATE_DATABASE)
        yield programs


def _create_cluster(cluster: Path, binaries: Path) -> None:
    """Make the cluster in another folder and move it into place, so that it is there whole or not
    at all."""
    unfinished = cluster.with_suffix(".unfinished")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    unfinished.mkdir(mode=0o700)
    if os.geteuid() == 0:
        account = pwd.getpwnam("nobody")
        os.chown(unfinished, account.pw_uid, account.pw_gid)
    initdb = [
        str(binaries / "initdb"),
        f"--pgdata={unfinished}",
        f"--username={OWNER_ROLE}",
        # The folder of the sockets is private to this account, so whoever reaches a socket may use
        # it.
        "--auth=trust",
        "--encoding=UTF8",
        # Byte order from PostgreSQL itself: the same on every machine and after every upgrade.
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
    ]
    run_tool(without_root(initdb))
    unfinished.rename(cluster)


def _stop_leftover(cluster: Path, sockets: Path, binaries: Path) -> None:
    """Stop a server that outlived its parent, and clear what a killed one left behind.

    A stale pid file must go: after a restart of the machine its number may belong to some other
    process, and PostgreSQL would then refuse to start.
    """
    pid_file = cluster / "postmaster.pid"
    if not pid_file.exists():
        return
    answers = run_tool([str(binaries / "pg_isready"), "-q", "-h", str(sockets)], allow=(0, 1, 2, 3))
    if answers in (0, 1):  # accepting, or alive but refusing
        stop = [str(binaries / "pg_ctl"), "stop", "-D", str(cluster), "-m", "fast"]
        run_tool(without_root([*stop, "-w", "-t", str(STOP_SECONDS)]))
    else:
        _outwait_orphans(pid_file)
    pid_file.unlink(missing_ok=True)
    (sockets / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)


def _outwait_orphans(pid_file: Path) -> None:
    """Wait for the children of a killed postmaster to end, which they do by themselves.

    While one is still attached to the shared memory a new server refuses to start. The seventh
    line of the pid file names the segment by its key and number; where the kernel does not say
    who is attached (not Linux, or a file written in half) nothing is waited for.
    """
    lines = pid_file.read_text().splitlines()
    segment = lines[6].split() if len(lines) > 6 else []
    deadline = time.monotonic() + STOP_SECONDS
    while _attached(segment) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)


def _attached(segment: list[str]) -> int:
    """How many processes use a System V shared memory segment, given as [key, number]."""
    try:
        table = [line.split() for line in Path("/proc/sysvipc/shm").read_text().splitlines()]
    except OSError:
        return 0
    rows = [dict(zip(table[0], row, strict=True)) for row in table[1:]]
    return sum(int(one["nattch"]) for one in rows if [one["key"], one["shmid"]] == segment)


def _is_ready(cluster: Path, pid: int) -> bool:
    """Read the pid file, whose first line is the pid and whose eighth is the state."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _psql(binaries: Path, sockets: Path, *statements: str) -> None:
    command = [str(binaries / "psql"), "-X", "-q", "-h", str(sockets), "-U", OWNER_ROLE]
    command += ["-d", "postgres", "-v", "ON_ERROR_STOP=1"]
    for statement in statements:
        run_tool(command, stdin=statement)
