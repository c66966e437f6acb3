"""Files stored under the SHA-256 of their bytes, durably before `put` returns."""

import hashlib
import os
import re
import secrets
from pathlib import Path

import structlog

from core.i18n import _
from core.problems import Unavailable

_DIGEST = re.compile(r"[0-9a-f]{64}")
_log = structlog.get_logger("files")
_VARIANT = re.compile(r"[a-z]{0,20}")


class FileStore:
    """A folder of files that never change. The same bytes are kept once.

    A variant (a smaller picture made from a file) lies beside its original, under the
    original's digest and its own short name. Methods block; call them in a thread.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, content: bytes, variants: dict[str, bytes] | None = None) -> str:
        """Store a file and its variants; returns the hex digest once all are durable.

        The original is written last: whoever finds it finds its variants too.
        """
        digest = hashlib.sha256(content).hexdigest()
        folder = self._root / digest[:2]
        folder.mkdir(parents=True, exist_ok=True)
        for name, smaller in (variants or {}).items():
            _write(folder / f"{digest}.{name}", smaller)
        _write(folder / digest, content)
        for changed in (folder, self._root, self._root.parent):
            _sync_folder(changed)
        return digest

    def path(self, digest: str, variant: str = "") -> Path | None:
        """Where a file lies; None when there is no such file or the digest is not one."""
        if not _DIGEST.fullmatch(digest) or not _VARIANT.fullmatch(variant):
            return None
        name = f"{digest}.{variant}" if variant else digest
        path = self._root / digest[:2] / name
        return path if path.is_file() else None

    def kept(self, digest: str) -> Path:
        """Where a file lies that the database names. Raises Unavailable when it is gone, as
        after a restore from a backup without it."""
        path = self.path(digest)
        if path is None:
            _log.error("file_missing", folder=self._root.name, digest=digest)
            raise Unavailable(
                "file_missing", _("服务器上找不到这个文件了，请联系主办单位从备份里找回")
            )
        return path


def _write(path: Path, content: bytes) -> None:
    """Write beside, make durable, then rename: a crash leaves the whole file or none."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
