"""What a guess at a password costs on the server, whatever it costs in the other tests."""

import pytest
from argon2 import Type
from argon2.exceptions import VerifyMismatchError

from tests.support.cheap_hashing import SERVERS_HASHER, SERVERS_NOBODY


def test_password_costs_what_rfc_9106_advises_where_memory_is_dear() -> None:
    cost = (SERVERS_HASHER.memory_cost, SERVERS_HASHER.time_cost, SERVERS_HASHER.parallelism)
    assert cost == (64 * 1024, 3, 4)
    assert SERVERS_HASHER.type is Type.ID


def test_nobodys_hash_costs_as_much_as_everybodys() -> None:
    assert not SERVERS_HASHER.check_needs_rehash(SERVERS_NOBODY)
    with pytest.raises(VerifyMismatchError):
        SERVERS_HASHER.verify(SERVERS_NOBODY, "somebody")
