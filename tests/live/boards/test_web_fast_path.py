"""The short way for boards in JSON: with it and without it, every request is answered alike."""

import gzip
from typing import Any

import httpx
import pytest

from contest.editions.rules.contest import Phase
from core.database import db
from live.boards.web_fast_path import BoardFastPath
from tests.live.conftest import Hall, look
from tests.support.fast_paths import without

TOLD = (
    "content-type",
    "content-length",
    "content-encoding",
    "cache-control",
    "etag",
    "vary",
    "x-content-type-options",
)


async def told(client: httpx.AsyncClient, path: str, **headers: str) -> Any:
    given = {"accept-encoding": "identity", **{k.replace("_", "-"): v for k, v in headers.items()}}
    answer = await client.get(path, headers=given)
    shown = {name: answer.headers.get(name) for name in TOLD}
    return answer.status_code, answer.content, shown


async def all_told(client: httpx.AsyncClient, hall: Hall) -> list[Any]:
    path = f"/c/{hall.slug}/board.json"
    etag = (await client.get(path)).headers.get("etag", "")
    return [
        await told(client, path),
        await told(client, path, if_none_match=etag),
        await told(client, path, if_none_match=f'"another", {etag}'),
        await told(client, path, if_none_match='"another"'),
        await told(client, path + "?again=1"),
        await told(client, "/c/no-such-contest/board.json"),
        await told(client, f"/c/{hall.slug}/board.xml"),
    ]


async def both_ways(client: httpx.AsyncClient, hall: Hall) -> list[Any]:
    short = await all_told(client, hall)
    with without(client, BoardFastPath):
        long = await all_told(client, hall)
    for own, other in zip(short, long, strict=True):
        assert own[:2] == other[:2]
        if own[0] in (200, 304):
            assert own[2] | {"vary": None} == other[2] | {"vary": None}
    return short


async def test_both_ways_answer_alike(client: httpx.AsyncClient, hall: Hall) -> None:
    await hall.vote(1, "001")
    await hall.tick()
    answers = await both_ways(client, hall)
    assert [one[0] for one in answers] == [200, 304, 304, 200, 200, 404, 404]
    await hall.vote(2, "002")
    await hall.tick()
    await look(client)
    newer = await told(client, f"/c/{hall.slug}/board.json", if_none_match=answers[0][2]["etag"])
    assert newer[0] == 200
    assert newer[2]["etag"] != answers[0][2]["etag"]


async def test_draft_and_contest_without_a_board_are_the_handlers(
    client: httpx.AsyncClient, hall: Hall
) -> None:
    await hall.set_phase(Phase.DRAFT)
    assert {one[0] for one in await both_ways(client, hall)} == {404}
    await hall.set_phase(Phase.VOTING)
    assert (await both_ways(client, hall))[0][0] == 404  # nothing published yet


async def test_compressed_board_is_the_same_board(client: httpx.AsyncClient, hall: Hall) -> None:
    await hall.vote(1, "001")
    await hall.tick()
    path = f"/c/{hall.slug}/board.json"
    plain = await client.get(path, headers={"accept-encoding": "identity"})
    async with client.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
        packed = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) == len(packed)
    assert gzip.decompress(packed) == plain.content


async def test_database_that_is_away_is_told_by_the_handler(
    client: httpx.AsyncClient, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise ConnectionError("gone")

    monkeypatch.setattr(db, "connection", gone)
    answer = await client.get(f"/c/{hall.slug}/board.json")
    assert answer.status_code == 503
