"""The tree beside the ledger: stored nodes, signed heads and proofs, against the leaves."""

import asyncpg
import pytest
from redis.asyncio import Redis

from core.crypto import KeyRing
from core.database import db
from core.engines.embedded import Endpoints
from tests.support.voting import START, Poll, open_poll
from voting.ledger import rows as ledger_rows
from voting.ledger.rules.merkle import tree_hash
from voting.merkle_log import service as log
from voting.merkle_log import store as store_log
from voting.merkle_log.rules.proofs import proves_consistency, proves_inclusion

pytestmark = pytest.mark.usefixtures("pool")
MANY = 700  # two whole tiles and a ragged one


async def leaves_of(poll: Poll) -> list[bytes]:
    return [row.leaf_hash async for row in ledger_rows.export_rows(poll.contest)]


async def head_root(poll: Poll) -> bytes:
    head = await log.newest_head(poll.contest.id, poll.contest.slug)
    assert head is not None
    return head.root


async def test_heads_are_signed_over_what_is_committed(keys: KeyRing, redis: Redis) -> None:
    poll = await open_poll(keys, redis, START)
    assert await log.newest_head(poll.contest.id, poll.contest.slug) is None
    await poll.cast_many(3, START)
    assert await log.sign_new_heads(keys, START) == 1
    head = await log.newest_head(poll.contest.id, poll.contest.slug)
    assert head is not None
    assert (head.contest, head.size, head.signed_at) == (poll.contest.slug, 3, START)
    assert head.root == tree_hash(await leaves_of(poll))
    assert head.is_signed_by(keys.public_key)
    assert await log.sign_new_heads(keys, START) == 0  # nothing new, nothing signed


async def test_tree_grows_tile_by_tile_and_proves_every_leaf(keys: KeyRing, redis: Redis) -> None:
    poll = await open_poll(keys, redis, START)
    contest_id, slug = poll.contest.id, poll.contest.slug
    sizes: list[int] = []
    for count in (1, 254, 1, 1, 300, MANY - 557):
        await poll.cast_many(count, START, first=1 + sum(sizes[-1:]))
        await log.sign_new_heads(keys, START)
        sizes.append(await ledger_rows.size(contest_id))
    leaves = await leaves_of(poll)
    heads = await log.heads_after(contest_id, slug, 0, 100)
    assert [one.size for one in heads] == sizes == [1, 255, 256, 257, 557, 700]
    assert [one.root for one in heads] == [tree_hash(leaves[:size]) for size in sizes]
    assert await store_log.tiles_stored(contest_id) == 2
    for head in heads:
        for sequence in {1, 2, 256, 257, 512, 513, 557, MANY} & set(range(1, head.size + 1)):
            proof = await log.inclusion_proof(contest_id, sequence, head.size)
            leaf = leaves[sequence - 1]
            assert await log.leaf_hash(contest_id, sequence) == leaf
            assert proves_inclusion(leaf, sequence - 1, head.size, proof, head.root)
    for older in heads:
        for newer in heads:
            if older.size <= newer.size:
                proof = await log.consistency_proof(contest_id, older.size, newer.size)
                assert proves_consistency(older.size, older.root, newer.size, newer.root, proof)
    for sequence in (1, 256, 257, 512, 513, MANY):
        assert await log.sequence_of_leaf(contest_id, leaves[sequence - 1]) == sequence
    assert await log.sequence_of_leaf(contest_id, bytes(32)) is None


async def test_two_signers_at_once_give_one_head(keys: KeyRing, redis: Redis) -> None:
    poll = await open_poll(keys, redis, START)
    await poll.cast_many(300, START)
    ledger = store_log.Unsigned(poll.contest.id, poll.contest.slug, 300)
    for _signer in range(2):
        await log._sign(ledger, keys, START)
    heads = await log.heads_after(poll.contest.id, poll.contest.slug, 0, 10)
    assert [one.size for one in heads] == [300]


async def test_damaged_ledger_gets_no_head_and_stops_no_other(
    keys: KeyRing, redis: Redis, database: Endpoints
) -> None:
    damaged, whole = [await open_poll(keys, redis, START) for _ in range(2)]
    for poll in (damaged, whole):
        await poll.cast_many(2, START)
    owner = await asyncpg.connect(database.database_url)
    await owner.execute(
        "DELETE FROM ballot WHERE contest_id = $1 AND sequence = 1", damaged.contest.id
    )
    await owner.close()
    assert await log.sign_new_heads(keys, START) == 1
    assert await log.newest_head(damaged.contest.id, damaged.contest.slug) is None
    assert await head_root(whole) == tree_hash(await leaves_of(whole))


@pytest.mark.parametrize("table", ["ledger_node", "leaf_place", "signed_head"])
async def test_app_can_change_nothing_it_signed(table: str) -> None:
    for statement in (f"UPDATE {table} SET contest_id = 0", f"DELETE FROM {table}"):
        async with db.connection() as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
