"""A backup as a folder: `database.dump`, `data/` and a manifest with the digest of each file.

    manifest.json   format, product, version, made_at, files: path, size, sha256, mode
    database.dump   pg_dump's custom format
    data/…          what else lasts of the data folder, under the same names

The manifest is written last: a backup that was broken off has none and is refused.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from core.i18n import _

DUMP, DATA, MANIFEST = "database.dump", "data", "manifest.json"
KEYS = "keys"
# What a server makes again at every start, and the database's own files, which the dump replaces.
_MADE_AGAIN = frozenset(
    {"lock", "log", "postgres", "postgres.unfinished", "redis", "run", "run-elsewhere"}
)
_UNFINISHED = ".part"
_FORMAT = 1
_CHUNK = 1 << 20


class BackupRefused(Exception):
    """What was asked cannot be done; the message is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a backup; `path` is relative to it, with slashes."""

    path: str
    size: int
    sha256: str
    mode: int


def lasting_files(data_dir: Path) -> Iterator[Path]:
    """The files of a data folder that must last, in an order that is always the same. What the
    next version may put there lasts too: only names that are known to be made again do not."""
    if not data_dir.is_dir():
        return
    for top in sorted(data_dir.iterdir()):
        if top.name in _MADE_AGAIN:
            continue
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            if path.is_file() and not path.is_symlink() and path.suffix != _UNFINISHED:
                yield path


def copy_in(source: Path, backup: Path, name: str) -> KeptFile:
    """Copy a file into a backup and say what was copied. Only the owner may read it there."""
    return _copy(source, backup / name, 0o600, name, source.stat().st_mode & 0o777)


def note(backup: Path, name: str) -> KeptFile:
    """Take down a file that is in the backup already."""
    path = backup / name
    digest, size = _digest(path)
    return KeptFile(name, size, digest, 0o600)


def write_manifest(backup: Path, files: list[KeptFile], version: str, made_at: datetime) -> None:
    document = {
        "format": _FORMAT,
        "product": "shibaiqian",
        "version": version,
        "made_at": made_at.isoformat(),
        "files": [asdict(one) for one in files],
    }
    part = backup / (MANIFEST + _UNFINISHED)
    with part.open("w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.rename(backup / MANIFEST)


def verified(backup: Path) -> list[KeptFile]:
    """The files of a backup, after each was compared with the manifest.

    Raises BackupRefused at the first that is not as it was, is missing or is too many.
    """
    files = _read_manifest(backup)
    expected = {MANIFEST, *(one.path for one in files)}
    found = {
        path.relative_to(backup).as_posix(): path for path in backup.rglob("*") if path.is_file()
    }
    for name in sorted(expected - found.keys()):
        raise BackupRefused(_("备份不完整：缺少 %(name)s，没有恢复任何内容。") % {"name": name})
    for name in sorted(found.keys() - expected):
        raise BackupRefused(_("备份里多出了 %(name)s，没有恢复任何内容。") % {"name": name})
    for one in files:
        if _digest(found[one.path]) != (one.sha256, one.size):
            raise BackupRefused(
                _("备份已损坏：%(name)s 与清单里的摘要不符，没有恢复任何内容。")
                % {"name": one.path}
            )
    return files


def put_back(backup: Path, one: KeptFile, target: Path) -> None:
    """Copy a file of the backup to where it lay, with the permissions it had."""
    copied = _copy(backup / one.path, target, one.mode, one.path, one.mode)
    if copied != one:
        raise BackupRefused(_("写入 %(name)s 时出错，请检查磁盘。") % {"name": target})


def put_key(source: Path, target: Path) -> None:
    """Copy a key from where it was kept apart."""
    _copy(source, target, 0o600, source.name, 0o600)


def _read_manifest(backup: Path) -> list[KeptFile]:
    try:
        document: dict[str, Any] = json.loads((backup / MANIFEST).read_text("utf-8"))
        if document["format"] != _FORMAT:
            raise BackupRefused(_("这份备份是更新的版本做的，请先升级十百千，再恢复。"))
        return [KeptFile(**one) for one in document["files"]]
    except FileNotFoundError:
        raise BackupRefused(
            _("%(folder)s 不是一份完整的备份：里面没有 manifest.json。") % {"folder": backup}
        ) from None
    except (KeyError, TypeError, ValueError) as error:
        raise BackupRefused(_("备份的清单 manifest.json 读不懂。")) from error


def _copy(source: Path, target: Path, created: int, name: str, mode: int) -> KeptFile:
    """Copy and hash in one pass, so that what is written down is what was copied."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, created)
    with source.open("rb") as file, os.fdopen(descriptor, "wb") as copy:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
        os.fchmod(copy.fileno(), created)
    return KeptFile(name, size, digest.hexdigest(), mode)


def _digest(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size
