"""Checking Ed25519 signatures (RFC 8032) with the standard library alone.

Whoever recomputes a result should need nothing but Python, and a check handles no secret, so
its time may depend on its input. Keys are made and used by `core.crypto`, never here.
"""

import hashlib
from functools import lru_cache

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)

_Point = tuple[int, int, int, int]
"""Extended coordinates X, Y, Z, T: x = X/Z, y = Y/Z, x·y = T/Z."""

_NEUTRAL: _Point = (0, 1, 1, 0)


def is_signed(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the 64 bytes are the key's signature of the message (RFC 8032, section 5.1.7).

    As OpenSSL does, the equation is checked without the cofactor. False for a key or a
    signature of a wrong length, and for encodings that the RFC does not allow.
    """
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key = _decoded(public_key)
    factor = int.from_bytes(signature[32:], "little")
    if key is None or factor >= _ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    challenge = int.from_bytes(digest, "little") % _ORDER
    return _encoded(_sum_of_products(factor, challenge, _negated(key))) == signature[:32]


@lru_cache(maxsize=16)
def _decoded(encoding: bytes) -> _Point | None:
    """The point of 32 bytes, or None (RFC 8032, section 5.1.3)."""
    number = int.from_bytes(encoding, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


def _encoded(point: _Point) -> bytes:
    inverse = pow(point[2], -1, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _negated(point: _Point) -> _Point:
    return -point[0] % _P, point[1], point[2], -point[3] % _P


def _added(p: _Point, q: _Point) -> _Point:
    """RFC 8032, section 5.1.4."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % _P
    b = (p[1] + p[0]) * (q[1] + q[0]) % _P
    c = 2 * _D * p[3] * q[3] % _P
    d = 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _doubled(p: _Point) -> _Point:
    """RFC 8032, section 5.1.4."""
    a, b = p[0] * p[0] % _P, p[1] * p[1] % _P
    c = 2 * p[2] * p[2] % _P
    h = a + b
    e = h - (p[0] + p[1]) ** 2
    g = a - b
    f = c + g
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _sum_of_products(of_base: int, of_point: int, point: _Point) -> _Point:
    """of_base · B + of_point · point, both by one row of doublings."""
    table = (_NEUTRAL, _BASE, point, _added(_BASE, point))
    total = _NEUTRAL
    for bit in range(max(of_base.bit_length(), of_point.bit_length()) - 1, -1, -1):
        total = _doubled(total)
        chosen = of_base >> bit & 1 | (of_point >> bit & 1) << 1
        if chosen:
            total = _added(total, table[chosen])
    return total


def _base() -> _Point:
    found = _decoded((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))
    assert found is not None
    return found


_BASE = _base()
