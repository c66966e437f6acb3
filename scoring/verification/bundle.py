"""The certified bundle: one zip with everything that a stranger needs to recompute a result.

Layout, fixed by docs/bundle.md: `manifest.json` names every other file with its size and
SHA-256; `manifest.sig` is the Ed25519 signature over the manifest's bytes. The same content
gives the same bytes: fixed times, fixed order.
"""

import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Protocol

from core.canonical_json import canonical_json, read_json
from core.ed25519 import is_signed
from core.i18n import _

FORMAT = "shibaiqian-bundle/1"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
FILES = (
    "rulebook.toml",
    "entrants.csv",
    "ballots.jsonl",
    "voids.jsonl",
    "sheets.jsonl",
    "marks.csv",
    "votes.csv",
    "metrics.csv",
    "points.csv",
    "multipliers.csv",
    "draws.csv",
    "result.json",
)
"""Every bundle holds exactly these, empty tables included, so that a missing one is seen."""

_LIMITS = {MANIFEST: 1024 * 1024, SIGNATURE: 64}
_MOST_INFLATED = 100
"""How many times its size a bundle may come to unpacked: real ones stay below a fifth of it."""

_SMALL = 64 * 1024**2
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LARGEST_FILE = 4 * 1024**3
_KEY = re.compile("[0-9a-f]{64}")
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,  # encrypted
    NotImplementedError,
    ValueError,
)


class BundleError(Exception):
    """What is wrong with a bundle: the file, and a Chinese sentence."""

    def __init__(self, file: str, message: str) -> None:
        self.file = _printable(file)
        self.message = _printable(message)
        super().__init__(f"{self.file}：{self.message}")


def _printable(text: str) -> str:
    """Text from a bundle without characters that could control the terminal of the person who
    checks it."""
    return "".join(one if one.isprintable() else "�" for one in text)


@dataclass(frozen=True)
class Bundle:
    """An opened bundle whose signature and digests have been checked."""

    manifest: Mapping[str, Any]
    files: Mapping[str, bytes]

    def text(self, name: str) -> str:
        try:
            return self.files[name].decode("utf-8")
        except UnicodeDecodeError as error:
            raise BundleError(name, _("不是 UTF-8 文本")) from error

    def lines(self, name: str) -> Iterator[bytes]:
        """A file of lines, one at a time and without its line end."""
        for line in BytesIO(self.files[name]):
            if not line.endswith(b"\n"):
                raise BundleError(name, _("最后一行不完整"))
            yield line[:-1]


class Signer(Protocol):
    """Who signs a bundle: `core.crypto.KeyRing`, which the verifier has no need of."""

    @property
    def public_key(self) -> bytes: ...

    def sign(self, message: bytes) -> bytes: ...


def write_bundle(files: Mapping[str, bytes], about: Mapping[str, Any], keys: Signer) -> bytes:
    """The zip's bytes. `files` must be exactly FILES; `about` goes into the manifest
    (contest, rulebook digest, ledger head, who certified and when)."""
    assert set(files) == set(FILES), sorted(set(files) ^ set(FILES))
    manifest = canonical_json(
        {
            **about,
            "format": FORMAT,
            "public_key": keys.public_key.hex(),
            "files": {
                name: {"sha256": hashlib.sha256(files[name]).hexdigest(), "bytes": len(files[name])}
                for name in FILES
            },
        }
    )
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in (
            (MANIFEST, manifest),
            (SIGNATURE, keys.sign(manifest)),
            *((name, files[name]) for name in FILES),
        ):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return target.getvalue()


def open_bundle(source: Path | IO[bytes], public_key: bytes | None = None) -> Bundle:
    """Read a bundle and check its signature and digests.

    `public_key` (32 raw bytes) pins whose signature is asked for; without it the key that
    the manifest names is used, which proves integrity but not origin. Raises BundleError.
    """
    files = _read_archive(source)
    manifest_bytes = files.pop(MANIFEST)
    signature = files.pop(SIGNATURE)
    manifest = _parse_manifest(manifest_bytes)
    named = _bytes_of_hex(manifest.get("public_key"))
    if public_key is not None and named != public_key:
        raise BundleError(MANIFEST, _("签名公钥与指定的公钥不同"))
    if not is_signed(named, signature, manifest_bytes):
        raise BundleError(SIGNATURE, _("签名不符：清单在签名之后被改动过"))
    _check_digests(manifest, files)
    return Bundle(manifest, files)


def _read_archive(source: Path | IO[bytes]) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(source) as archive:
            _check_entries(archive.infolist())
            _check_sizes(archive)
            return {name: archive.read(name) for name in archive.namelist()}
    except _UNREADABLE as error:
        raise BundleError("zip", _("读不出压缩包：%(error)s") % {"error": error}) from error


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    expected = {MANIFEST, SIGNATURE, *FILES}
    if sorted(names) != sorted(expected):
        different = ", ".join(sorted(set(names) ^ expected)) or _("有重名文件")
        raise BundleError("zip", _("文件清单不符：%(names)s") % {"names": different})
    for entry in entries:
        if (
            entry.file_size > _LIMITS.get(entry.filename, _LARGEST_FILE)
            or entry.compress_type not in _COMPRESSIONS
        ):
            raise BundleError(entry.filename, _("文件过大，或压缩方式不是 deflate"))


def _check_sizes(archive: zipfile.ZipFile) -> None:
    """Refuses a bundle that claims to be far larger when unpacked; no more than it claims is ever
    unpacked."""
    assert archive.fp is not None
    packed = archive.fp.seek(0, 2)
    if sum(one.file_size for one in archive.infolist()) > max(_SMALL, packed * _MOST_INFLATED):
        raise BundleError("zip", _("解开后过大，不像是结果包"))


def _parse_manifest(content: bytes) -> dict[str, Any]:
    try:
        manifest = read_json(content)
        as_written = canonical_json(manifest)
    except ValueError as error:
        raise BundleError(MANIFEST, _("不是合格的 JSON")) from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BundleError(MANIFEST, _("不是本系统第 1 版的结果包"))
    if as_written != content:
        raise BundleError(MANIFEST, _("不是规定的写法"))
    return manifest


def _bytes_of_hex(value: object) -> bytes:
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise BundleError(MANIFEST, _("公钥的写法不对"))
    return bytes.fromhex(value)


def _check_digests(manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    listed = manifest.get("files")
    if not isinstance(listed, dict) or set(listed) != set(FILES):
        raise BundleError(MANIFEST, _("文件清单不符"))
    for name in FILES:
        actual = hashlib.sha256(files[name]).hexdigest()
        if listed[name] != {"sha256": actual, "bytes": len(files[name])}:
            raise BundleError(name, _("内容与清单中的摘要不符：文件被改动过"))
