"""Sealed fields come back only to the field and the key they were sealed for."""

import stat
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from core.crypto import KeyRing, SealBrokenError, load_keys

KEYS = KeyRing(b"k" * 32, Ed25519PrivateKey.generate())
OTHERS = KeyRing(b"o" * 32, Ed25519PrivateKey.generate())
WORDS = st.text(st.characters(exclude_categories=["Cs"]))


@given(WORDS, WORDS)
def test_what_is_sealed_comes_back(field: str, plain: str) -> None:
    assert KEYS.unseal(field, KEYS.seal(field, plain)) == plain


@given(WORDS, WORDS, WORDS)
def test_value_moved_to_another_field_is_refused(field: str, other: str, plain: str) -> None:
    sealed = KEYS.seal(field, plain)
    if other != field:
        with pytest.raises(SealBrokenError):
            KEYS.unseal(other, sealed)


@given(st.data(), WORDS)
def test_any_changed_or_missing_byte_is_refused(data: st.DataObject, plain: str) -> None:
    sealed = bytearray(KEYS.seal("phone", plain))
    at = data.draw(st.integers(0, len(sealed) - 1))
    short = bytes(sealed[:at])
    sealed[at] ^= data.draw(st.integers(1, 255))
    for broken in (bytes(sealed), short):
        with pytest.raises(SealBrokenError):
            KEYS.unseal("phone", broken)


def test_other_key_is_refused_by_its_name() -> None:
    with pytest.raises(SealBrokenError, match="phone was sealed under another key"):
        OTHERS.unseal("phone", KEYS.seal("phone", "13812345678"))


def test_same_value_is_sealed_differently_each_time() -> None:
    assert len({KEYS.seal("phone", "13812345678") for _turn in range(50)}) == 50
    assert b"13812345678" not in KEYS.seal("phone", "13812345678")


@given(WORDS, WORDS)
def test_blind_index_finds_equal_values_of_one_purpose_alone(value: str, other: str) -> None:
    found = KEYS.blind("phone", value)
    assert len(found) == 32
    assert found == KEYS.blind("phone", value)
    assert (found == KEYS.blind("phone", other)) is (value == other)
    assert found not in (KEYS.blind("identity", value), OTHERS.blind("phone", value))


def test_no_two_purposes_share_a_key() -> None:
    assert len({KEYS.derived(purpose) for purpose in ("seal", "csrf", "blind/phone", "")}) == 4


def test_signature_is_of_this_message_by_this_key() -> None:
    signature = KEYS.sign(b"result")
    public = Ed25519PublicKey.from_public_bytes(KEYS.public_key)
    public.verify(signature, b"result")
    with pytest.raises(InvalidSignature):
        public.verify(signature, b"result!")
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(OTHERS.public_key).verify(signature, b"result")


def test_keys_are_made_once_and_readable_by_their_owner_alone(tmp_path: Path) -> None:
    first = load_keys(tmp_path)
    sealed = first.seal("phone", "13812345678")
    again = load_keys(tmp_path)
    assert again.unseal("phone", sealed) == "13812345678"
    assert again.public_key == first.public_key
    files = sorted((tmp_path / "keys").iterdir())
    assert [file.name for file in files] == ["master.key", "signing.key"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_key_that_was_half_written_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    folder.mkdir()
    (folder / "master.part").write_bytes(b"half")
    assert len(load_keys(tmp_path).master) == 32
    assert not (folder / "master.part").exists()


def test_two_installations_have_different_keys(tmp_path: Path) -> None:
    one, other = load_keys(tmp_path / "a"), load_keys(tmp_path / "b")
    assert one.master != other.master
    assert one.public_key != other.public_key
