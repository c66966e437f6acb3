"""Files under the digest of their bytes."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.files.file_store import FileStore
from core.problems import Unavailable


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.binary(max_size=100))
def test_file_is_found_by_its_digest(store: FileStore, content: bytes) -> None:
    digest = store.put(content)
    assert digest == hashlib.sha256(content).hexdigest()
    path = store.path(digest)
    assert path is not None
    assert path.read_bytes() == content


def test_variants_lie_beside_their_original(store: FileStore) -> None:
    digest = store.put(b"whole", {"card": b"smaller", "thumb": b"smallest"})
    found = {name: store.path(digest, name) for name in ("", "card", "thumb", "other")}
    assert {name: path and path.read_bytes() for name, path in found.items()} == {
        "": b"whole",
        "card": b"smaller",
        "thumb": b"smallest",
        "other": None,
    }


def test_same_bytes_are_kept_once_and_nothing_is_left_beside(
    store: FileStore, tmp_path: Path
) -> None:
    assert store.put(b"x") == store.put(b"x")
    assert [one.name for one in tmp_path.rglob("*") if one.is_file()] == [
        hashlib.sha256(b"x").hexdigest()
    ]


@pytest.mark.parametrize(
    ("digest", "variant"),
    [
        ("", ""),
        ("../../etc/passwd", ""),
        ("A" * 64, ""),
        ("a" * 64 + "\n", ""),
        ("a" * 63, ""),
        ("a" * 64, "../x"),
        ("a" * 64, "a.b"),
        ("a" * 64, "card\n"),
        ("a" * 64, "x" * 21),
        ("a" * 64, ""),
    ],
)
def test_what_is_no_digest_names_no_file(store: FileStore, digest: str, variant: str) -> None:
    store.put(b"x")
    assert store.path(digest, variant) is None


def test_crash_before_the_original_leaves_nothing_to_be_found(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Variants come first: an original that is found has all of them."""
    digest = hashlib.sha256(b"whole").hexdigest()
    replace = Path.replace

    def crash(part: Path, target: Path) -> Path:
        if target.name == digest:
            raise OSError("no space left")
        return replace(part, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", crash)
        with pytest.raises(OSError, match="no space left"):
            store.put(b"whole", {"card": b"smaller"})
    assert store.path(digest) is None
    assert store.put(b"whole", {"card": b"smaller"}) == digest
    assert store.path(digest) is not None


def test_file_that_the_database_names_is_there_or_its_loss_is_told(store: FileStore) -> None:
    digest = store.put(b"kept")
    assert store.kept(digest).read_bytes() == b"kept"
    store.kept(digest).unlink()
    with pytest.raises(Unavailable) as lost:
        store.kept(digest)
    assert (lost.value.code, lost.value.status) == ("file_missing", 503)
