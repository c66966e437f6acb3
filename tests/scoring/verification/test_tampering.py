"""Whatever is changed in a bundle, `shibaiqian verify` says so, and never with a traceback.

The tamperer here is thorough: the zip is written anew without a fault, and where it helps the
digests too are made to fit and the manifest is signed again.
"""

import hashlib
import io
import json
import random
import warnings
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core.canonical_json import canonical_json
from core.crypto import KeyRing, load_keys
from scoring.verification.bundle import FILES, MANIFEST, SIGNATURE, write_bundle
from scoring.verification.cli import verify
from tests.support.bundles import about, bundle_files

FLIPS = 40
"""Places tried in every file: its ends, and others drawn by a fixed seed."""

Entries = list[tuple[str, bytes]]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return load_keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def entries(keys: KeyRing) -> Entries:
    """The names and contents of a whole bundle's files."""
    bundle = write_bundle(bundle_files(keys), about(), keys)
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def zipped(entries: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of names that come twice
        with zipfile.ZipFile(target, "w", method) as archive:
            for name, content in entries:
                archive.writestr(name, content)
    return target.getvalue()


def signed_again(files: dict[str, bytes], keys: KeyRing) -> bytes:
    """The bundle of a tamperer who holds a signing key: digests and signature fit."""
    return write_bundle(files, about(), keys)


def checked(bundle: bytes, folder: Path, *options: str) -> Result:
    """The command's answer, which is never a traceback."""
    path = folder / "bundle.zip"
    path.write_bytes(bundle)
    run = CliRunner().invoke(verify, [str(path), *options])
    assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
    return run


def assert_refused(run: Result, file: str = "") -> None:
    assert run.exit_code == 1, run.output
    assert f"✗ {file}" in run.output


def flipped(content: bytes, seed: str) -> Iterable[bytes]:
    """The content with one byte changed, in many ways."""
    chance = random.Random(seed)
    places = {0, len(content) - 1} | {chance.randrange(len(content)) for _ in range(FLIPS)}
    for place in sorted(places):
        for flip in (1, 0x20, 1 << chance.randrange(8)):
            changed = bytearray(content)
            changed[place] ^= flip
            yield bytes(changed)


def test_the_whole_bundle_is_accepted(entries: Entries, keys: KeyRing, tmp_path: Path) -> None:
    run = checked(zipped(entries), tmp_path, "--key", keys.public_key.hex())
    assert run.exit_code == 0, run.output
    assert checked(zipped(entries, zipfile.ZIP_STORED), tmp_path).exit_code == 0


@pytest.mark.parametrize("name", [MANIFEST, SIGNATURE, *FILES])
def test_one_changed_byte_is_named(name: str, entries: Entries, tmp_path: Path) -> None:
    content = dict(entries)[name]
    for changed in flipped(content, name):
        others = [(one, changed if one == name else kept) for one, kept in entries]
        run = checked(zipped(others), tmp_path)
        assert_refused(run, "manifest" if name in (MANIFEST, SIGNATURE) else name)


@pytest.mark.parametrize("name", FILES)
def test_one_changed_byte_is_found_though_signed_again(
    name: str, keys: KeyRing, tmp_path: Path
) -> None:
    """Nobody but the server could do this; the recomputation finds it without the digests."""
    files = bundle_files(keys)
    for changed in flipped(files[name], name):
        bundle = signed_again({**files, name: changed}, keys)
        assert_refused(checked(bundle, tmp_path, "--key", keys.public_key.hex()))


def test_stranger_with_a_key_of_his_own_is_refused_by_the_published_one(
    keys: KeyRing, tmp_path: Path
) -> None:
    stranger = load_keys(tmp_path)
    forged = signed_again(bundle_files(stranger), stranger)
    assert checked(forged, tmp_path).exit_code == 0, "consistent, but by whom?"
    assert_refused(checked(forged, tmp_path, "--key", keys.public_key.hex()), MANIFEST)


ROWS: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "removed": lambda rows: rows[:-1],
    "first removed": lambda rows: rows[1:],
    "repeated": lambda rows: [*rows, rows[-1]],
    "reordered": lambda rows: [*rows[:-2], rows[-1], rows[-2]],
    "blank": lambda rows: [*rows, b""],
    "carriage return": lambda rows: [*rows[:-1], rows[-1] + b"\r"],
    "space": lambda rows: [*rows[:-1], rows[-1] + b" "],
}


@pytest.mark.parametrize("change", ROWS)
@pytest.mark.parametrize("name", ["ballots.jsonl", "sheets.jsonl", "marks.csv", "votes.csv"])
def test_changed_rows_are_found_though_signed_again(
    name: str, change: str, keys: KeyRing, tmp_path: Path
) -> None:
    files = bundle_files(keys)
    rows = files[name].splitlines()
    changed = b"".join(row + b"\n" for row in ROWS[change](rows))
    assert changed != files[name]
    assert_refused(checked(signed_again({**files, name: changed}, keys), tmp_path))


@pytest.mark.parametrize("name", [name for name in FILES if name != "rulebook.toml"])
def test_last_newline_taken_off_is_found(name: str, keys: KeyRing, tmp_path: Path) -> None:
    files = bundle_files(keys)
    bundle = signed_again({**files, name: files[name][:-1]}, keys)
    assert_refused(checked(bundle, tmp_path))


ARCHIVES: dict[str, Callable[[Entries], bytes]] = {
    "a file removed": lambda entries: zipped(entries[:-1]),
    "a file added": lambda entries: zipped([*entries, ("note.txt", b"")]),
    "a file twice": lambda entries: zipped([*entries, entries[-1]]),
    "a file twice with other content": lambda entries: zipped([("result.json", b"{}"), *entries]),
    "an absolute path": lambda entries: zipped([*entries[:-1], ("/result.json", b"{}")]),
    "a path upwards": lambda entries: zipped([*entries, ("../result.json", b"{}")]),
    "a name to steer the terminal": lambda entries: zipped([*entries, ("[/x]\x1b[2J", b"")]),
    "a folder": lambda entries: zipped([*entries, ("more/", b"")]),
    "another compression": lambda entries: zipped(entries, zipfile.ZIP_BZIP2),
    "a bomb": lambda entries: zipped(
        [(n, b"0" * 10**8) if n == FILES[-1] else (n, c) for n, c in entries]
    ),
    "a manifest of 2 MB": lambda entries: zipped([(MANIFEST, b" " * 2 * 10**6), *entries[1:]]),
    "deep brackets": lambda entries: zipped([(MANIFEST, b"[" * 10**5), *entries[1:]]),
    "a lone surrogate": lambda entries: zipped([(MANIFEST, b'{"a":"\\ud800"}'), *entries[1:]]),
    "half of it": lambda entries: zipped(entries)[:1000],
    "its end alone": lambda entries: zipped(entries)[-300:],
    "nothing": lambda _: b"",
    "no zip": lambda _: b"PK\x05\x06" + b"\xff" * 18,
}


@pytest.mark.parametrize("change", ARCHIVES)
def test_other_archives_are_refused(change: str, entries: Entries, tmp_path: Path) -> None:
    assert_refused(checked(ARCHIVES[change](entries), tmp_path))


def test_encrypted_entries_are_refused(entries: Entries, tmp_path: Path) -> None:
    bundle = bytearray(zipped(entries))
    at = bundle.index(b"PK\x01\x02")
    bundle[6] |= 1
    bundle[at + 8] |= 1
    assert_refused(checked(bytes(bundle), tmp_path))


HOSTILE: dict[str, tuple[str, bytes]] = {
    "a result in deep brackets": ("result.json", b"[" * 10**6),
    "a result with a lone surrogate": ("result.json", b'{"format":"\\ud800"}'),
    "a result of infinite figures": ("result.json", b'{"format":1e999}'),
    "ballots in deep brackets": ("ballots.jsonl", b"[" * 10**6 + b"\n"),
    "sheets that are numbers": ("sheets.jsonl", b"1\n"),
    "no text": ("entrants.csv", b"\xff\xfe\x00"),
    "a rulebook in deep brackets": ("rulebook.toml", b"a = " + b"[" * 10**5),
    "an endless cell": ("marks.csv", b'judge,entrant,value\n"' + b"x" * 200_000),
    "a nul byte": ("votes.csv", b"entrant,votes\n001\0,1\n"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_content_is_refused(what: str, keys: KeyRing, tmp_path: Path) -> None:
    name, content = HOSTILE[what]
    assert_refused(checked(signed_again({**bundle_files(keys), name: content}, keys), tmp_path))


ENDLESS = "1e999999999"
SHEETS: dict[str, Callable[[dict[str, object]], None]] = {
    "a seat that is a word": lambda sheet: sheet.update(seat="1"),
    "a round that is a list": lambda sheet: sheet.update(round=[]),
    "a mark that would fill the memory": lambda sheet: sheet.update(
        entries=[
            {"code": "001", "marks": {"all": "1e999999999"}, "reason": "", "status": "submitted"}
        ]
    ),
    "a key more": lambda sheet: sheet.update(more=1),
}


@pytest.mark.parametrize("what", SHEETS)
def test_hostile_sheet_is_refused_though_rightly_signed(
    what: str, keys: KeyRing, tmp_path: Path
) -> None:
    files = bundle_files(keys)
    line = json.loads(files["sheets.jsonl"].splitlines()[0])
    sheet = json.loads(line["content"])
    SHEETS[what](sheet)
    line["content"] = canonical_json(sheet).decode()
    signed = {
        "digest": "sha256:" + hashlib.sha256(line["content"].encode()).hexdigest(),
        "method": line["method"],
        "reason": line["reason"],
        "signed_at": line["signed_at"].replace("Z", ".000000+00:00"),
        "signed_by": line["signed_by"],
        "version": line["version"],
    }
    line["signature"] = keys.sign(canonical_json(signed)).hex()
    bundle = signed_again({**files, "sheets.jsonl": canonical_json(line) + b"\n"}, keys)
    assert_refused(checked(bundle, tmp_path), "sheets.jsonl")
