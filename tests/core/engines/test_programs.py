"""Which programs the embedded engines run, with fake programs of several versions on PATH."""

from pathlib import Path

import pytest

from core.engines import programs
from core.engines.programs import NoProgramError, postgres_for, postgres_programs, redis_program


def program(path: Path, says: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)


def postgres(folder: Path, version: str, without: str = "") -> Path:
    for tool in set(programs._TOOLS) - {without}:
        program(folder / tool, f"{tool} (PostgreSQL) {version} (Debian {version}-1)")
    return folder


def redis(folder: Path, says: str) -> Path:
    program(folder / "redis-server", says)
    return folder / "redis-server"


def test_a_system_postgres_of_a_good_version_comes_before_the_wheel(tmp_path: Path) -> None:
    folder = postgres(tmp_path / "bin", "18.1")
    system, wheel = postgres_programs(str(folder), ())
    assert (system.path, system.version, system.system) == (folder, "18.1", True)
    assert not wheel.system
    assert str(system) == f"PostgreSQL 18.1（系统自带 {folder}）"


def test_the_newest_of_several_is_taken_wherever_it_lies(tmp_path: Path) -> None:
    for version in ("17.9", "18.2", "18.10"):
        postgres(tmp_path / "lib" / version / "bin", version)
    on_path = postgres(tmp_path / "bin", "18.3")
    found = postgres_programs(str(on_path), ((f"{tmp_path}/lib", "*/bin"),))
    assert [one.version for one in found if one.system] == ["18.10", "18.3", "18.2"]


@pytest.mark.parametrize("version", ["15.18", "9.6.24", "17.9"])
def test_an_old_postgres_is_passed_over_for_the_wheel(tmp_path: Path, version: str) -> None:
    (only,) = postgres_programs(str(postgres(tmp_path, version)), ())
    assert (only.system, only.major) == (False, 18)


def test_an_incomplete_postgres_is_passed_over(tmp_path: Path) -> None:
    (only,) = postgres_programs(str(postgres(tmp_path, "18.1", without="pg_dump")), ())
    assert not only.system


def test_a_link_on_path_leads_to_the_folder_of_its_companions(tmp_path: Path) -> None:
    folder = postgres(tmp_path / "lib", "19.0")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "pg_ctl").symlink_to(folder / "pg_ctl")
    assert postgres_programs(str(tmp_path / "bin"), ())[0].path == folder


def test_a_program_that_does_not_run_or_names_no_version_is_passed_over(tmp_path: Path) -> None:
    folder = postgres(tmp_path, "18.1")
    program(folder / "postgres", "no version here")
    assert not postgres_programs(str(folder), ())[0].system
    (folder / "postgres").write_bytes(b"\x7fELF of another machine")
    assert not postgres_programs(str(folder), ())[0].system


def test_a_cluster_is_run_by_the_version_that_made_it(tmp_path: Path) -> None:
    folder, cluster = postgres(tmp_path / "bin", "19.1"), tmp_path / "postgres"
    assert postgres_for(cluster, str(folder), ()).major == 19
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("18\n")
    assert not postgres_for(cluster, str(folder), ()).system
    (cluster / "PG_VERSION").write_text("20\n")
    with pytest.raises(NoProgramError, match="PostgreSQL 20"):
        postgres_for(cluster, str(folder), ())


@pytest.mark.parametrize(
    ("says", "system"),
    [
        ("Redis server v=8.0.2 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1", True),
        ("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1", True),
        ("Redis server v=6.0.16 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64 build=1", False),
        ("something else", False),
    ],
)
def test_a_system_redis_of_a_good_version_comes_before_the_wheel(
    tmp_path: Path, says: str, system: bool
) -> None:
    server = redis(tmp_path, says)
    found = redis_program(str(tmp_path))
    assert found.system is system
    assert (found.path == server) is system


def test_without_any_of_the_system_the_wheels_serve(tmp_path: Path) -> None:
    assert not redis_program(str(tmp_path)).system
    assert [one.system for one in postgres_programs(str(tmp_path), ())] == [False]
