"""A folder of tree heads that an observer keeps: what the organiser once signed, for good.

heads.jsonl        every head seen, one a line, smallest first; only ever added to
key.hex            the key that signed the first of them
evidence-*.json    what was seen when something did not hold
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.i18n import _
from voting.merkle_log.rules.tree_head import NotAHeadError, SignedHead, read_head, read_hex


class ArchiveError(Exception):
    """The folder cannot be used, as a Chinese sentence."""


class HeadArchive:
    """One contest's. `newest` is the last head kept, `public_key` the key that signs them."""

    def __init__(self, folder: Path, contest: str) -> None:
        """Raises ArchiveError."""
        self._folder = folder
        self._heads = folder / "heads.jsonl"
        self._key = folder / "key.hex"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.newest = self._last_head()
            self.public_key = self._read_key()
        except OSError as error:
            raise ArchiveError(_("文件夹 %(folder)s 用不了") % {"folder": folder}) from error
        if self.newest is not None and self.newest.contest != contest:
            raise ArchiveError(
                _("文件夹 %(folder)s 里存的是别的评选 %(contest)s 的树头")
                % {"folder": folder, "contest": self.newest.contest}
            )

    def keep_key(self, public_key: bytes) -> None:
        self._key.write_text(public_key.hex() + "\n", encoding="ascii")
        self.public_key = public_key

    def keep(self, head: SignedHead) -> None:
        """Add a head; it is on disk when this returns."""
        line = json.dumps(head.document(), separators=(",", ":"), sort_keys=True)
        with self._heads.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.newest = head

    def keep_evidence(self, evidence: Mapping[str, Any]) -> Path:
        """Write down what did not hold; each time a file of its own."""
        number = 1 + sum(1 for _file in self._folder.glob("evidence-*.json"))
        path = self._folder / f"evidence-{number:03}.json"
        path.write_text(json.dumps(evidence, ensure_ascii=False, indent=2), encoding="utf-8")
        return path

    def _last_head(self) -> SignedHead | None:
        """The last whole line; one that a power cut left half written is taken away."""
        if not self._heads.exists():
            return None
        content = self._heads.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if whole != content:
            os.truncate(self._heads, len(whole))
        lines = whole.splitlines()
        try:
            return read_head(json.loads(lines[-1])) if lines else None
        except (ValueError, NotAHeadError) as error:
            raise ArchiveError(_("%(file)s 的最后一行读不出") % {"file": self._heads}) from error

    def _read_key(self) -> bytes | None:
        if not self._key.exists():
            return None
        try:
            return read_hex(self._key.read_text(encoding="ascii").strip(), 32)
        except ValueError as error:
            raise ArchiveError(_("%(file)s 里不是公钥") % {"file": self._key}) from error
