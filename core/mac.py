"""HMAC-SHA256 (RFC 2104) under keys that are used again and again."""

import hashlib
from functools import lru_cache
from typing import Any

_BLOCK = 64


def mac(key: bytes, message: bytes) -> bytes:
    """The same 32 bytes as `hmac.digest(key, message, "sha256")`.

    A vote takes five under keys of its contest, and preparing the key is two thirds of the work, so
    prepared keys are cached.
    """
    inner, outer = _prepared(key)
    within, without = inner.copy(), outer.copy()
    within.update(message)
    without.update(within.digest())
    return without.digest()  # type: ignore[no-any-return]


@lru_cache(maxsize=256)
def _prepared(key: bytes) -> tuple[Any, Any]:
    block = hashlib.sha256(key).digest() if len(key) > _BLOCK else key
    block = block.ljust(_BLOCK, b"\0")
    return (
        hashlib.sha256(bytes(byte ^ 0x36 for byte in block)),
        hashlib.sha256(bytes(byte ^ 0x5C for byte in block)),
    )
