"""A signed tree head: what the organiser states about a contest's ledger at one moment.

The signature (Ed25519, the installation's key, which signs bundles too) covers one line of
canonical JSON that names its own format and the contest, so that no signature of ours can be
taken for another. `docs/ledger.md` says it byte by byte.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from core.canonical_json import canonical_json

FORMAT = "shibaiqian-head/1"
_FIELDS = {"contest", "format", "root", "signature", "signed_at", "size"}
_MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"


class NotAHeadError(ValueError):
    """Not a signed tree head as `docs/ledger.md` defines it; says what is wrong."""


@dataclass(frozen=True)
class TreeHead:
    """The tree over the first `size` leaves of a contest's ledger, at a moment (UTC)."""

    contest: str
    size: int
    root: bytes
    signed_at: datetime

    def message(self) -> bytes:
        """The bytes that are signed."""
        return canonical_json(self._fields())

    def _fields(self) -> dict[str, Any]:
        return {
            "contest": self.contest,
            "format": FORMAT,
            "root": self.root.hex(),
            "signed_at": written_moment(self.signed_at),
            "size": self.size,
        }


@dataclass(frozen=True)
class SignedHead(TreeHead):
    """A head with the 64 bytes of its signature."""

    signature: bytes

    def document(self) -> dict[str, Any]:
        """The head as published: the signed fields and the signature beside them."""
        return {**self._fields(), "signature": self.signature.hex()}

    def is_signed_by(self, public_key: bytes) -> bool:
        """Whether the signature is by this key (32 raw bytes)."""
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(self.signature, self.message())
        except (InvalidSignature, ValueError):
            return False
        return True


def read_head(document: Any) -> SignedHead:
    """A head from its JSON object. Raises NotAHeadError; the signature is not checked."""
    if not isinstance(document, Mapping) or set(document) != _FIELDS:
        raise NotAHeadError(f"the fields must be {', '.join(sorted(_FIELDS))}")
    size = document["size"]
    if document["format"] != FORMAT or not isinstance(document["contest"], str):
        raise NotAHeadError(f"the format must be {FORMAT}")
    if type(size) is not int or size < 1:
        raise NotAHeadError("the size must be a whole number from 1 on")
    try:
        head = SignedHead(
            contest=document["contest"],
            size=size,
            root=read_hex(document["root"], 32),
            signed_at=datetime.strptime(document["signed_at"], _MOMENT).replace(tzinfo=UTC),
            signature=read_hex(document["signature"], 64),
        )
    except (TypeError, ValueError) as error:
        raise NotAHeadError(str(error)) from error
    if head.document() != document:
        raise NotAHeadError("the time must have three decimals")
    return head


def read_hex(text: Any, length: int) -> bytes:
    """Bytes from lower-case hex digits. Raises ValueError."""
    value = bytes.fromhex(text) if isinstance(text, str) else b""
    if len(value) != length or value.hex() != text:
        raise ValueError(f"{2 * length} lower-case hex digits are expected")
    return value


def written_moment(moment: datetime) -> str:
    """2026-03-02T01:00:03.250Z: UTC, cut to the millisecond."""
    return moment.astimezone(UTC).strftime(_MOMENT)[:-4] + "Z"
