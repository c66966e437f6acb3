"""Passwords and PINs at argon2's least cost, so that a test's time goes into what it tests.

The product's own cost stays what `accounts.sign_in.staff.hashing` says; its test holds it there.
A server that a test starts as a process hashes at that cost too.
"""

from argon2 import PasswordHasher

from accounts.sign_in.staff import hashing

SERVERS_HASHER, SERVERS_NOBODY = hashing._HASHER, hashing._NOBODY


def hash_cheaply() -> None:
    hashing._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    hashing._NOBODY = hashing._HASHER.hash("nobody")
