"""Signatures are checked as RFC 8032 says, and as the cryptography library checks them."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ed25519 import is_signed

ORDER = 2**252 + 27742317777372353535851937790883648493
P = 2**255 - 19

# Section 7.1 of the RFC: public key, message, signature; the last is "TEST SHA(abc)".
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        (
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        ),
        (
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
            "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
        ),
    ),
]


def library_says(key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_vectors_of_the_rfc(key: str, message: str, signature: str) -> None:
    asked = bytes.fromhex(key), bytes.fromhex(signature), bytes.fromhex(message)
    assert is_signed(*asked)
    assert not is_signed(asked[0], asked[1], asked[2] + b"x")


@settings(max_examples=60, deadline=None)
@given(
    secret=st.binary(min_size=32, max_size=32),
    message=st.binary(max_size=200),
    flipped=st.none() | st.integers(0, (64 + 32) * 8 - 1),
)
def test_says_what_the_library_says(secret: bytes, message: bytes, flipped: int | None) -> None:
    private = Ed25519PrivateKey.from_private_bytes(secret)
    key = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    joined = bytearray(private.sign(message) + key)
    if flipped is not None:
        joined[flipped // 8] ^= 1 << flipped % 8
    signature, key = bytes(joined[:64]), bytes(joined[64:])
    said = is_signed(key, signature, message)
    assert said == library_says(key, signature, message)
    assert said == (flipped is None)


def test_a_second_signature_made_from_the_first_is_refused() -> None:
    """A factor above the group's order gives the same equation: it must be told apart."""
    key, message, signature = (bytes.fromhex(one) for one in VECTORS[1])
    factor = int.from_bytes(signature[32:], "little") + ORDER
    again = signature[:32] + factor.to_bytes(32, "little")
    assert not is_signed(key, again, message)


@pytest.mark.parametrize(
    "key",
    [
        b"",
        bytes(31),
        bytes(33),
        (2).to_bytes(32, "little"),  # on no point of the curve
        (P + 1).to_bytes(32, "little"),  # a second way to write y = 1
        (1 | 1 << 255).to_bytes(32, "little"),  # x = 0 with a sign
    ],
)
def test_what_is_no_key_signs_nothing(key: bytes) -> None:
    signature = bytes.fromhex(VECTORS[0][2])
    assert not is_signed(key, signature, b"")
    assert not is_signed(key, bytes(64), b"")


@pytest.mark.parametrize("length", [0, 63, 65])
def test_signature_of_another_length_is_refused(length: int) -> None:
    assert not is_signed(bytes.fromhex(VECTORS[0][0]), bytes(length), b"")
