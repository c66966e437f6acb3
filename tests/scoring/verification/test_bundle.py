"""The container: what is written can be read, and nothing changed goes unseen."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.crypto import KeyRing, load_keys
from scoring.verification.bundle import (
    FILES,
    MANIFEST,
    SIGNATURE,
    BundleError,
    open_bundle,
    write_bundle,
)

CONTENT = {name: f"{name}\n".encode() for name in FILES}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return load_keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def bundle(keys: KeyRing) -> bytes:
    return write_bundle(CONTENT, {"contest": "demo"}, keys)


def _rewritten(bundle: bytes, name: str, content: bytes) -> io.BytesIO:
    """The same zip with one file replaced, as a tamperer would write it."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bundle)) as old, zipfile.ZipFile(target, "w") as new:
        for one in old.namelist():
            new.writestr(one, content if one == name else old.read(one))
    target.seek(0)
    return target


def test_bundle_round_trips(bundle: bytes) -> None:
    opened = open_bundle(io.BytesIO(bundle))
    assert dict(opened.files) == CONTENT
    assert opened.manifest["contest"] == "demo"


def test_bundle_same_content_same_bytes(bundle: bytes, keys: KeyRing) -> None:
    assert write_bundle(CONTENT, {"contest": "demo"}, keys) == bundle


def test_bundle_pinned_key_refuses_another_signer(
    bundle: bytes, keys: KeyRing, tmp_path: Path
) -> None:
    stranger = load_keys(tmp_path)
    forged = write_bundle(CONTENT, {"contest": "demo"}, stranger)
    assert open_bundle(io.BytesIO(bundle), keys.public_key).files["result.json"]
    with pytest.raises(BundleError) as refused:
        open_bundle(io.BytesIO(forged), keys.public_key)
    assert refused.value.file == MANIFEST


@pytest.mark.parametrize("name", FILES)
def test_bundle_changed_file_is_named(bundle: bytes, name: str) -> None:
    with pytest.raises(BundleError) as refused:
        open_bundle(_rewritten(bundle, name, CONTENT[name].upper()))
    assert refused.value.file == name


def test_bundle_changed_manifest_breaks_the_signature(bundle: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        manifest = archive.read(MANIFEST).replace(b'"demo"', b'"demi"')
    with pytest.raises(BundleError) as refused:
        open_bundle(_rewritten(bundle, MANIFEST, manifest))
    assert refused.value.file == SIGNATURE


@given(data=st.data())
def test_bundle_any_changed_byte_is_refused_or_changes_nothing(
    bundle: bytes, data: st.DataObject
) -> None:
    """Bytes such as a zip's version field carry no content; all that carry any are guarded."""
    place = data.draw(st.integers(0, len(bundle) - 1))
    flip = data.draw(st.integers(1, 255))
    changed = bytearray(bundle)
    changed[place] ^= flip
    try:
        opened = open_bundle(io.BytesIO(bytes(changed)))
    except BundleError:
        return
    assert dict(opened.files) == CONTENT


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04" + b"\0" * 40])
def test_bundle_other_files_are_refused(content: bytes) -> None:
    with pytest.raises(BundleError) as refused:
        open_bundle(io.BytesIO(content))
    assert refused.value.file == "zip"
