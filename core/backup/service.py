"""Making a backup of a site, and putting one back.

Every file is stored before the row that names it and is never removed. So the database is
dumped first and the files are copied after it: each file that the dump names is in the backup,
though the server goes on. What a row names and the folder lacks all the same is told.
"""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg

from core.backup import folder
from core.backup.folder import DATA, DUMP, KEYS, BackupRefused, KeptFile
from core.database.migrate import migrate, table_modules
from core.database.private_piccolo import place_of
from core.engines.programs import postgres_tools_for
from core.i18n import _

_KEY_NAMES = ("master.key", "signing.key")
_OTHER_TABLES = """
SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
"""


def check_target(target: Path, data_dir: Path, *, embedded: bool) -> None:
    """Raise BackupRefused where there is nothing to back up, or no place to put it."""
    if not _is_empty(target):
        raise BackupRefused(
            _("%(folder)s 已经存在，而且不是空目录；请换一个。") % {"folder": target}
        )
    if not (data_dir / KEYS).is_dir():
        raise BackupRefused(
            _("%(folder)s 里没有密钥（keys/），不是十百千的数据目录；请检查 DATA_DIR。")
            % {"folder": data_dir}
        )
    if embedded and not (data_dir / "postgres").is_dir():
        raise BackupRefused(
            _("%(folder)s 里没有数据库；用自己的数据库服务器时，请设置 DATABASE_URL。")
            % {"folder": data_dir}
        )


async def back_up(
    database_url: str, data_dir: Path, target: Path, now: datetime, *, with_keys: bool = True
) -> list[str]:
    """Write a backup of the database and of `data_dir` into `target`, a new folder.

    Returns the files that the database names and nobody can find any more; the backup is
    complete but for them. `check_target` comes first. Raises BackupRefused.
    """
    named = await _named_files(database_url)
    server = await _Server.at(database_url)
    files = _write_backup(server, data_dir, target, now, with_keys)
    return _lost(named, files)


def _write_backup(
    server: "_Server", data_dir: Path, target: Path, now: datetime, with_keys: bool
) -> list[KeptFile]:
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    server.run("pg_dump", "--format=custom", f"--file={target / DUMP}")
    (target / DUMP).chmod(0o600)
    files = [folder.note(target, DUMP)]
    for path in folder.lasting_files(data_dir):
        name = path.relative_to(data_dir)
        if with_keys or name.parts[0] != KEYS:
            files.append(folder.copy_in(path, target, f"{DATA}/{name.as_posix()}"))
    folder.write_manifest(target, files, version("shibaiqian"), now)
    return files


def check_backup(source: Path, data_dir: Path, keys: Path | None) -> list[KeptFile]:
    """Verify every file of a backup, and that it may be put into `data_dir`, a new folder.

    `keys` is the folder of the keys where the backup holds none. Raises BackupRefused.
    """
    if not _is_empty(data_dir):
        raise BackupRefused(
            _("数据目录 %(folder)s 不是空的；只能恢复到新的数据目录（DATA_DIR）。")
            % {"folder": data_dir}
        )
    files = folder.verified(source)
    has_keys = any(one.path.startswith(f"{DATA}/{KEYS}/") for one in files)
    if not has_keys and keys is None:
        raise BackupRefused(_("这份备份不含密钥，请用 --keys 指明存放密钥的目录。"))
    if has_keys and keys is not None:
        raise BackupRefused(_("这份备份里已有密钥，不需要 --keys。"))
    missing = [name for name in _KEY_NAMES if keys is not None and not (keys / name).is_file()]
    if missing:
        words = {"folder": keys, "name": missing[0]}
        raise BackupRefused(_("%(folder)s 里没有 %(name)s。") % words)
    return files


async def put_back(
    database_url: str, data_dir: Path, source: Path, files: Sequence[KeptFile], keys: Path | None
) -> list[str]:
    """Restore what `check_backup` found in order: the database whole or not at all, the files,
    the rights of the app's role. Returns lost files, as `back_up`. Raises BackupRefused."""
    await _refuse_filled_database(database_url)
    server = await _Server.at(database_url)
    server.run(
        *("pg_restore", "--no-owner", "--no-acl", "--exit-on-error", "--single-transaction"),
        str(source / DUMP),
    )
    _put_files_back(data_dir, source, files, keys)
    await migrate(database_url)
    return _lost(await _named_files(database_url), files)


def _put_files_back(
    data_dir: Path, source: Path, files: Sequence[KeptFile], keys: Path | None
) -> None:
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    for one in files:
        if one.path != DUMP:
            folder.put_back(source, one, data_dir / Path(one.path).relative_to(DATA))
    if keys is not None:
        for name in _KEY_NAMES:
            folder.put_key(keys / name, data_dir / KEYS / name)
    (data_dir / KEYS).chmod(0o700)


def _is_empty(folder: Path) -> bool:
    return not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))


async def _refuse_filled_database(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        if await connection.fetchval(_OTHER_TABLES):
            raise BackupRefused(_("数据库不是空的；只能恢复到新建的空数据库。"))
    finally:
        await connection.close()


async def _named_files(database_url: str) -> list[str]:
    """The files of the data folder that rows name, by the `KEPT_FILES` of each `tables.py`."""
    connection = await asyncpg.connect(database_url)
    named: set[str] = set()
    try:
        for module in table_modules():
            for folder, columns in getattr(module, "KEPT_FILES", {}).items():
                for column in columns:
                    table, name = place_of(column)
                    # the names are those of our own tables
                    asked = f"SELECT DISTINCT {name} FROM {table} WHERE {name} <> ''"  # noqa: S608
                    rows = await connection.fetch(asked)
                    named |= {f"{folder}/{row[0][:2]}/{row[0]}" for row in rows}
    finally:
        await connection.close()
    return sorted(named)


def _lost(named: Sequence[str], files: Sequence[KeptFile]) -> list[str]:
    kept = {one.path.removeprefix(f"{DATA}/") for one in files}
    return [name for name in named if name not in kept]


@dataclass(frozen=True, slots=True)
class _Server:
    """A PostgreSQL server, and its own programs, which are not older than it is."""

    url: str
    major: int

    @classmethod
    async def at(cls, database_url: str) -> Self:
        connection = await asyncpg.connect(database_url)
        try:
            return cls(database_url, connection.get_server_version().major)
        finally:
            await connection.close()

    def run(self, program: str, *arguments: str) -> None:
        """Run a program on the database. Its password goes by the environment, since whoever
        lists the processes reads their arguments. Raises BackupRefused."""
        address, environment = urlsplit(self.url), dict(os.environ)
        if address.password:
            environment["PGPASSWORD"] = unquote(address.password)
            account, _at, place = address.netloc.rpartition("@")
            address = address._replace(netloc=f"{account.partition(':')[0]}@{place}")
        folder = postgres_tools_for(self.major).path
        command = [str(folder / program), "--dbname", urlunsplit(address), *arguments]
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs
            command, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            words = {"program": program, "words": done.stderr.strip()}
            raise BackupRefused(_("%(program)s 没有成功：%(words)s") % words)
