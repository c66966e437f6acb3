"""The Merkle log over HTTP: heads, proofs, key, receipts; what caches may keep; refusals."""

import hashlib
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from accounts.people.rules import Role
from contest.editions.rules.contest import Phase
from tests.support.people import runtime_of, send_json, sign_in_as
from tests.support.voting import Poll, open_poll, rulebook_text, set_phase
from voting.merkle_log import service as log
from voting.merkle_log.rules.proofs import proves_consistency, proves_inclusion
from voting.merkle_log.rules.tree_head import read_head
from voting.receipts.rules.receipt_file import check, read_receipt_file

PAGE = {"accept": "text/html"}
FOR_EVER = "public, max-age=31536000, immutable"


async def poll_with(client: httpx.AsyncClient, redis: Redis, *portions: int) -> Poll:
    """A contest that keeps its counts back, its ledger signed after each portion of votes."""
    runtime = runtime_of(client)
    text = rulebook_text(display="hidden")
    poll = await open_poll(runtime.keys, redis, runtime.clock.now(), text=text)
    voters = 0
    for count in portions:
        await poll.cast_many(count, runtime.clock.now(), first=10_001 + voters)
        await log.sign_new_heads(runtime.keys, runtime.clock.now())
        voters += count
    return poll


async def ask(client: httpx.AsyncClient, poll: Poll, path: str) -> Any:
    answer = await client.get(f"/c/{poll.contest.slug}/ledger/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_heads_and_proofs_are_public_and_hold(
    client: httpx.AsyncClient, redis: Redis
) -> None:
    poll = await poll_with(client, redis, 3, 4)
    key = bytes.fromhex((await ask(client, poll, "key"))["public_key"])
    heads = [read_head(one) for one in (await ask(client, poll, "heads"))["heads"]]
    newest = read_head(await ask(client, poll, "head"))
    assert [one.size for one in heads] == [3, 7]
    assert heads[-1] == newest
    assert all(one.is_signed_by(key) for one in heads)
    assert read_head(await ask(client, poll, "heads/3")) == heads[0]
    proof = await ask(client, poll, "consistency?first=3")
    assert proof["second"] == 7
    hashes = [bytes.fromhex(one) for one in proof["proof"]]
    assert proves_consistency(3, heads[0].root, 7, newest.root, hashes)
    by_number = await ask(client, poll, "inclusion?sequence=2&size=3")
    leaf = bytes.fromhex(by_number["leaf_hash"])
    hashes = [bytes.fromhex(one) for one in by_number["proof"]]
    assert proves_inclusion(leaf, 1, 3, hashes, heads[0].root)
    by_hash = await ask(client, poll, f"inclusion?leaf_hash={leaf.hex()}&size=3")
    assert by_hash == by_number
    assert (await ask(client, poll, "inclusion?sequence=2"))["size"] == 7


async def test_heads_come_in_pages(client: httpx.AsyncClient, redis: Redis) -> None:
    poll = await poll_with(client, redis, 1, 1, 1)
    first = await ask(client, poll, "heads?limit=2")
    rest = await ask(client, poll, "heads?limit=2&after=2")
    assert [one["size"] for one in first["heads"] + rest["heads"]] == [1, 2, 3]


@pytest.mark.parametrize(
    ("path", "caching"),
    [
        ("head", "public, no-cache"),
        ("key", "public, no-cache"),
        ("heads", "public, no-cache"),
        ("heads?limit=1", FOR_EVER),
        ("heads/2", FOR_EVER),
        ("inclusion?sequence=1", "public, no-cache"),
        ("inclusion?sequence=1&size=2", FOR_EVER),
        ("consistency?first=1&second=2", FOR_EVER),
    ],
)
async def test_what_a_size_names_may_be_kept_for_ever(
    client: httpx.AsyncClient, redis: Redis, path: str, caching: str
) -> None:
    poll = await poll_with(client, redis, 2)
    answer = await client.get(f"/c/{poll.contest.slug}/ledger/{path}")
    assert answer.headers["cache-control"] == caching
    etag = answer.headers["etag"]
    again = await client.get(
        f"/c/{poll.contest.slug}/ledger/{path}", headers={"if-none-match": etag}
    )
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "status", "fields"),
    [
        ("heads?limit=0&after=-1", 422, ["after", "limit"]),
        ("heads?limit=1001", 422, ["limit"]),
        ("heads/abc", 422, ["size"]),
        ("heads/0", 422, ["size"]),
        ("heads/1", 404, []),
        ("inclusion", 422, ["sequence"]),
        ("inclusion?sequence=1&leaf_hash=" + "0" * 64, 422, ["sequence"]),
        ("inclusion?sequence=99999999999999999999", 422, ["sequence"]),
        ("inclusion?sequence=x&size=y", 422, ["sequence", "size"]),
        ("inclusion?sequence=2&size=1", 422, ["sequence"]),
        ("inclusion?sequence=3", 404, []),
        ("inclusion?sequence=1&size=3", 404, []),
        ("inclusion?leaf_hash=" + "0" * 64, 404, []),
        ("inclusion?leaf_hash=" + "A" * 64, 422, ["leaf_hash"]),
        ("consistency", 422, ["first"]),
        ("consistency?first=2&second=1", 422, ["first"]),
        ("consistency?first=1&second=3", 404, []),
        ("consistency?first=3", 404, []),
    ],
)
async def test_bad_questions_are_refused_with_every_error(
    client: httpx.AsyncClient, redis: Redis, path: str, status: int, fields: list[str]
) -> None:
    poll = await poll_with(client, redis, 2)
    answer = await client.get(f"/c/{poll.contest.slug}/ledger/{path}")
    assert answer.status_code == status
    assert [one["field"] for one in answer.json()["errors"]] == fields


async def test_before_the_first_vote_and_of_a_draft_there_is_no_head(
    client: httpx.AsyncClient, redis: Redis
) -> None:
    poll = await poll_with(client, redis)
    answer = await client.get(f"/c/{poll.contest.slug}/ledger/head")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_head_yet")
    await set_phase(poll.contest, Phase.DRAFT)
    answer = await client.get(f"/c/{poll.contest.slug}/ledger/head")
    assert answer.status_code == 404


async def test_a_head_tells_nothing_of_hidden_counts(
    client: httpx.AsyncClient, redis: Redis
) -> None:
    """Two ledgers that differ in nothing but the choice tell the same but for hashes."""
    poll = await poll_with(client, redis, 2)
    head = await ask(client, poll, "head")
    assert set(head) == {"contest", "format", "root", "signature", "signed_at", "size"}
    proof = await ask(client, poll, "inclusion?sequence=1")
    assert set(proof) == {"contest", "leaf_hash", "proof", "sequence", "size"}
    refused = await client.get(f"/c/{poll.contest.slug}/ledger.jsonl")
    assert refused.status_code == 409


async def test_log_is_in_the_openapi_document(client: httpx.AsyncClient) -> None:
    paths = (await client.get("/schema/openapi.json")).json()["paths"]
    documented = {path for path in paths if path.startswith("/c/{slug}/ledger/")}
    assert documented == {
        f"/c/{{slug}}/ledger/{name}"
        for name in ("consistency", "head", "heads", "heads/{size}", "inclusion", "key")
    }
    asked = paths["/c/{slug}/ledger/inclusion"]["get"]["parameters"]
    assert {one["name"] for one in asked} == {"slug", "sequence", "leaf_hash", "size"}


async def test_receipt_file_is_offered_once_a_head_covers_the_ballot(
    client: httpx.AsyncClient, redis: Redis
) -> None:
    poll = await poll_with(client, redis, 2)
    runtime = runtime_of(client)
    await sign_in_as(client, Role.VOTER)
    cast = await send_json(
        client,
        "POST",
        f"/c/{poll.contest.slug}/votes",
        {"entries": ["002"], "idempotency_key": "key-0123456789"},
    )
    address = f"/receipts/{cast.json()['receipt']}"
    waiting = await client.get(f"{address}/receipt.json")
    assert (waiting.status_code, waiting.json()["code"]) == (409, "not_signed_yet")
    assert waiting.headers["retry-after"] == "2"
    assert "receipt.json" not in (await client.get(address, headers=PAGE)).text
    await log.sign_new_heads(runtime.keys, runtime.clock.now())
    page = await client.get(address, headers=PAGE)
    head = await ask(client, poll, "head")
    assert f"{address}/receipt.json" in page.text
    assert head["root"] in page.text
    assert head["signature"] in page.text
    file = await client.get(f"{address}/receipt.json")
    assert "attachment" in file.headers["content-disposition"]
    receipt = read_receipt_file(file.content)
    check(receipt, runtime.keys.public_key, [read_head(head)])
    assert (receipt.sequence, receipt.entries) == (3, ("002",))
    assert hashlib.sha256(b"\0" + receipt.leaf).hexdigest() in page.text
    too_early = await client.get(f"{address}/receipt.json?size=2")
    assert (too_early.status_code, too_early.json()["code"]) == (404, "no_such_head")
    assert (await client.get(f"{address}/receipt.json?size=x")).status_code == 422
    assert (await client.get("/receipts/ABCD/receipt.json")).status_code == 422
