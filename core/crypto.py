"""Keys and their uses: sealed fields, blind indexes, signatures.

Keys live in `<data_dir>/keys`, readable by the owner alone, made at the first start. Back them up
separately from the database: sealed fields cannot be read without them.
"""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

_NONCE_BYTES = 12
_KEY_ID_BYTES = 4


class SealBrokenError(Exception):
    """A sealed value was changed, moved to another field, or sealed under an unknown key."""


@dataclass(frozen=True)
class KeyRing:
    """The installation's secrets.

    `master` seals and blinds (through derived keys); `signing` signs tree heads and bundles.
    """

    master: bytes
    signing: Ed25519PrivateKey

    def derived(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose, so that no two uses share a key."""
        return hmac.digest(self.master, b"shibaiqian/" + purpose.encode(), "sha256")

    def seal(self, field: str, plain: str) -> bytes:
        """Encrypt one value for storage; `field` is bound in, so values cannot be swapped.

        Layout: 4-byte key id, 12-byte nonce, AES-256-GCM ciphertext with tag.
        """
        key = self.derived("seal")
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = AESGCM(key).encrypt(nonce, plain.encode(), field.encode())
        return _key_id(key) + nonce + sealed

    def unseal(self, field: str, sealed: bytes) -> str:
        """The value that `seal` was given. Raises SealBrokenError."""
        key = self.derived("seal")
        if sealed[:_KEY_ID_BYTES] != _key_id(key):
            raise SealBrokenError(f"{field} was sealed under another key")
        nonce = sealed[_KEY_ID_BYTES : _KEY_ID_BYTES + _NONCE_BYTES]
        try:
            plain = AESGCM(key).decrypt(
                nonce, sealed[_KEY_ID_BYTES + _NONCE_BYTES :], field.encode()
            )
        except Exception as error:
            raise SealBrokenError(field) from error
        return plain.decode()

    def blind(self, purpose: str, value: str) -> bytes:
        """A 32-byte keyed digest to find or compare a value by, without storing it."""
        return hmac.digest(self.derived(f"blind/{purpose}"), value.encode(), "sha256")

    def sign(self, message: bytes) -> bytes:
        return self.signing.sign(message)

    @property
    def public_key(self) -> bytes:
        """The 32 raw bytes of the Ed25519 public key."""
        return self.signing.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def load_keys(data_dir: Path) -> KeyRing:
    """The key ring in `data_dir/keys`; both keys are made when absent."""
    folder = data_dir / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    master = _load_or_make(folder / "master.key", secrets.token_bytes(32))
    fresh = Ed25519PrivateKey.generate().private_bytes(
        Encoding.Raw, PrivateFormat.Raw, NoEncryption()
    )
    signing = _load_or_make(folder / "signing.key", fresh)
    return KeyRing(master, Ed25519PrivateKey.from_private_bytes(signing))


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"key id" + key).digest()[:_KEY_ID_BYTES]


def _load_or_make(path: Path, fresh: bytes) -> bytes:
    """Read the key, or write `fresh` so that a crash never leaves half a key."""
    if not path.exists():
        part = path.with_suffix(".part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(fresh)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    return path.read_bytes()
