"""The Merkle tree of RFC 6962, section 2.1, over leaf hashes of the ledger."""

import hashlib
from collections.abc import Sequence

_sha256 = hashlib.sha256


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes; of an empty ledger the hash of the empty string.

    Level by level, a lone last node going up as it is: the same tree as the RFC's split at
    the largest power of two below n.
    """
    if not leaves:
        return _sha256(b"").digest()
    level = list(leaves)
    while len(level) > 1:
        lone = level[-1:] if len(level) % 2 else []
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [_sha256(b"\x01" + left + right).digest() for left, right in pairs] + lone
    return level[0]
