"""argon2id for passwords and PINs, in a thread: one takes some 50 ms of a processor."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

_HASHER = PasswordHasher()  # RFC 9106 low-memory profile: 64 MiB, 3 passes
# Verified when there is no such person, so that the time taken does not reveal it. It is a
# constant, made at the same cost, as hashing at every start would slow down every command.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$"
    "htZfbFImdVXMoJUjg5XWIQ$JZ/HwkJu6+fRKOiQReUfXLkVN8agK7BDhCKJEITirQk"
)


async def hashed(secret: str) -> str:
    return await asyncio.to_thread(_HASHER.hash, secret)


async def matches(stored: str | None, secret: str) -> bool:
    """Whether `secret` is what `stored` was made of; False, as slowly, for None."""

    def verify() -> bool:
        try:
            return _HASHER.verify(stored or _NOBODY, secret) and stored is not None
        except (Argon2Error, InvalidHashError):
            return False

    return await asyncio.to_thread(verify)
