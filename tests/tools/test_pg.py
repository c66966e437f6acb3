import os
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from core.database.migrate import migrate
from core.engines.embedded import embedded_engines
from core.paths import ROOT

ADD_ENTRY = """
INSERT INTO audit_entry (at, actor_name, action, subject_type, subject_id, details, client_address)
VALUES (now(), '审计', 'kept', 'test', '1', '{}', '')
"""


def pg(data_dir: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "tools/pg.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(data_dir), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


async def test_dump_is_restored_in_another_folder_with_the_limits_of_the_role(
    tmp_path: Path,
) -> None:
    """The steps of docs/runbook.md, "Backup" and "Restore"."""
    dump = str(tmp_path / "backup.dump")
    with embedded_engines(tmp_path / "old", redis_url="redis://none") as endpoints:
        await migrate(endpoints.database_url)
        done = pg(tmp_path / "old", "psql", "--command", ADD_ENTRY)
        assert (done.returncode, done.stderr) == (0, "")
        done = pg(tmp_path / "old", "pg_dump", "--format=custom", f"--file={dump}")
        assert (done.returncode, done.stderr) == (0, "")
    with embedded_engines(tmp_path / "new", redis_url="redis://none") as endpoints:
        restore = ("pg_restore", "--clean", "--if-exists", "--single-transaction", dump)
        done = pg(tmp_path / "new", *restore)
        assert (done.returncode, done.stderr) == (0, "")
        connection = await asyncpg.connect(endpoints.app_database_url)
        assert await connection.fetchval("SELECT actor_name FROM audit_entry") == "审计"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("DELETE FROM audit_entry")
        await connection.close()


def test_tool_says_when_no_server_runs(tmp_path: Path) -> None:
    done = pg(tmp_path, "psql")
    assert done.returncode == 1
    assert done.stderr == f"no server runs on {tmp_path}: start it first, or set DATA_DIR\n"


def test_tool_runs_only_what_postgresql_brought(tmp_path: Path) -> None:
    done = pg(tmp_path, "rm")
    assert done.returncode == 1
    assert done.stderr == "usage: tools/pg.py psql|pg_dump|pg_restore [OPTION]…\n"
