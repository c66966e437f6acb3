import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis

from core.engines import postgres as engines_postgres
from core.engines.embedded import DataFolderInUse, Endpoints, embedded_engines, running_endpoints
from core.engines.postgres import shared_buffers
from core.paths import ROOT
from tests.support.eventually import eventually
from tests.support.processes import processes_naming, until_none_names

# Runs engines until it is killed, as a server would.
HOLDER = """
import sys, time
from pathlib import Path
from core.engines.embedded import embedded_engines
with embedded_engines(Path(sys.argv[1])):
    print("ready", flush=True)
    time.sleep(600)
"""


@contextmanager
def other_server(data_dir: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process with engines on `data_dir`."""
    command = [sys.executable, "-c", HOLDER, str(data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


async def query(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def test_the_buffers_take_a_quarter_of_a_small_machine_and_a_gigabyte_of_a_large_one() -> None:
    assert shared_buffers(1 * 2**30) == "256MB"
    assert shared_buffers(64 * 2**30) == "1024MB"


async def test_engines_stop_at_the_end_and_keep_what_postgres_stored(tmp_path: Path) -> None:
    with embedded_engines(tmp_path) as endpoints:
        await query(endpoints.database_url, "CREATE TABLE kept AS SELECT 7 AS n")
        async with Redis.from_url(endpoints.redis_url) as redis:
            assert await redis.ping() is True
        assert len(processes_naming(tmp_path)) >= 2
    assert processes_naming(tmp_path) == []
    with embedded_engines(tmp_path) as endpoints:
        assert await query(endpoints.database_url, "SELECT n FROM kept") == 7


async def test_postgres_acknowledges_only_what_is_on_disk(tmp_path: Path) -> None:
    names = ("fsync", "synchronous_commit", "full_page_writes")
    settings = " || ".join(f"current_setting('{name}')" for name in names)
    with embedded_engines(tmp_path, redis_url="redis://cache/0") as engines:
        url = engines.app_database_url
        assert await query(url, f"SELECT {settings}") == "ononon"
        assert int(str(await query(url, "SHOW server_version_num"))) >= 180000
        assert await query(url, "SHOW listen_addresses") == ""


def test_second_server_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with other_server(tmp_path) as holder:
        with pytest.raises(DataFolderInUse) as refusal, embedded_engines(tmp_path):
            pytest.fail("two servers on one folder")
        assert str(refusal.value) == (
            f"数据目录 {tmp_path} 正由另一个服务进程（进程号 {holder.pid}）使用；"
            "请先停止它，或换一个数据目录。\n"
            f"The data folder {tmp_path} is in use by another server (pid {holder.pid}); "
            "stop that one first or choose another folder."
        )


async def test_running_endpoints_are_found_only_while_the_server_runs(tmp_path: Path) -> None:
    assert running_endpoints(tmp_path) is None
    with embedded_engines(tmp_path) as endpoints:
        assert running_endpoints(tmp_path) == endpoints
    assert running_endpoints(tmp_path) is None


async def test_killed_parent_leaves_no_children_and_the_folder_starts_again(
    tmp_path: Path,
) -> None:
    with other_server(tmp_path) as holder:
        holder.kill()
        holder.wait()
        until_none_names(tmp_path)
    with embedded_engines(tmp_path) as endpoints:
        assert await query(endpoints.app_database_url, "SELECT 1") == 1


async def test_engines_killed_with_their_parent_recover_what_was_committed(
    tmp_path: Path,
) -> None:
    with other_server(tmp_path) as holder:
        running = running_endpoints(tmp_path)
        assert running is not None
        await query(running.database_url, "CREATE TABLE kept AS SELECT 7 AS n")
        for pid in [*processes_naming(tmp_path / "postgres"), holder.pid]:
            os.kill(pid, signal.SIGKILL)
        holder.wait()
        until_none_names(tmp_path)
    # As after a restart of the machine: the number in the pid file is now someone else's.
    pid_file = tmp_path / "postgres" / "postmaster.pid"
    stale = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getppid()), *stale[1:]]) + "\n")
    with embedded_engines(tmp_path) as endpoints:
        assert await query(endpoints.database_url, "SELECT n FROM kept") == 7


async def test_postgres_starts_again_at_once_though_its_killed_forerunners_child_is_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child is held until the new server has found that it is still there."""
    count = "SELECT count(*) FROM generate_series(1, 8000000)"
    with other_server(tmp_path) as holder:
        running = running_endpoints(tmp_path)
        assert running is not None
        busy = asyncio.create_task(query(running.database_url, count))
        backend = await eventually(lambda: _busy(running.database_url), "a backend that counts")
        os.kill(backend, signal.SIGSTOP)
        for pid in (_postmaster(tmp_path), holder.pid):
            os.kill(pid, signal.SIGKILL)
        holder.wait()
        found: list[int] = []

        def attached(segment: list[str]) -> int:
            found.append(count_attached(segment))
            os.kill(backend, signal.SIGCONT)
            return found[-1]

        count_attached = engines_postgres._attached
        monkeypatch.setattr(engines_postgres, "_attached", attached)
        with embedded_engines(tmp_path) as endpoints:
            assert await query(endpoints.database_url, "SELECT 7") == 7
        assert found[0] > 0
        with suppress(asyncpg.PostgresError, OSError):
            await busy


async def _busy(url: str) -> int:
    """The backend other than the one that is asked that runs a statement; 0 for none."""
    others = "SELECT coalesce(max(pid), 0) FROM pg_stat_activity WHERE state = 'active'"
    others += " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    return int(str(await query(url, others)))


def _postmaster(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "postmaster.pid").read_text().splitlines()[0])


async def test_engines_that_outlived_their_parent_are_stopped_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a system whose kernel sends no death signal."""
    orphaned = HOLDER.replace(
        "from core.engines.embedded import",
        "from core.engines import postgres as p, redis as r\n"
        "p.dying_with_parent = r.dying_with_parent = lambda command, signal: command\n"
        "from core.engines.embedded import",
    )
    monkeypatch.setattr(sys.modules[__name__], "HOLDER", orphaned)
    with other_server(tmp_path) as holder:
        holder.kill()
        holder.wait()
        orphans = processes_naming(tmp_path)
        assert len(orphans) >= 2
    with embedded_engines(tmp_path) as endpoints:
        assert set(processes_naming(tmp_path)) & set(orphans) == set()
        assert await query(endpoints.app_database_url, "SELECT 1") == 1


async def test_cluster_left_half_made_is_made_anew(tmp_path: Path) -> None:
    unfinished = tmp_path / "postgres.unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")
    with embedded_engines(tmp_path, redis_url="redis://cache/0") as endpoints:
        assert await query(endpoints.app_database_url, "SELECT 1") == 1


async def test_folder_with_a_long_path_puts_its_sockets_elsewhere(tmp_path: Path) -> None:
    data_dir = tmp_path / ("同江市" * 20) / "data"
    with embedded_engines(data_dir) as endpoints:
        sockets = Path((data_dir / "run-elsewhere").read_text())
        assert endpoints.redis_url == f"unix://{sockets}/redis.sock"
        assert sockets.stat().st_mode & 0o777 == 0o700
        assert await query(endpoints.app_database_url, "SELECT 1") == 1
    assert not sockets.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor_name = 'x'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "DROP TABLE audit_entry",
        "CREATE TABLE planted (n int)",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "DELETE FROM migration",
    ],
)
async def test_limited_role_cannot(statement: str, database: Endpoints) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await query(database.app_database_url, statement)


async def test_limited_role_is_no_superuser_and_cannot_become_one(database: Endpoints) -> None:
    assert await query(database.app_database_url, "SHOW is_superuser") == "off"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await query(database.app_database_url, "SET ROLE shibaiqian")


def test_servers_of_the_operator_are_used_as_given(tmp_path: Path) -> None:
    given = Endpoints("postgresql://a@db/x", "postgresql://b@db/x", "redis://cache/0")
    with embedded_engines(
        tmp_path,
        database_url=given.database_url,
        app_database_url=given.app_database_url,
        redis_url=given.redis_url,
    ) as endpoints:
        assert endpoints == given
    assert list(tmp_path.iterdir()) == []


async def test_redis_of_the_operator_stands_beside_the_embedded_postgres(tmp_path: Path) -> None:
    with embedded_engines(tmp_path, redis_url="redis://cache/0") as endpoints:
        assert endpoints.redis_url == "redis://cache/0"
        assert await query(endpoints.app_database_url, "SELECT 1") == 1
        assert not (tmp_path / "redis").exists()
