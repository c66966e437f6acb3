"""The published board on every surface: JSON, tables, sockets' frames, the screen's page."""

import io
from datetime import timedelta
from typing import Any

import httpx
import pytest
from python_calamine import CalamineWorkbook

from contest.editions.rules.contest import Phase
from core.audit import SYSTEM
from core.clock import SettableClock
from core.database import db
from live.boards import service
from live.boards.frames import Kind, Topic
from live.boards.hub import Hub
from tests.live.conftest import Hall, HallMaker, look

SURFACES = ("board.json", "board.csv", "board.xlsx", "screen", "socket")


async def board_json(client: httpx.AsyncClient, hall: Hall) -> dict[str, Any]:
    answer = await client.get(f"/c/{hall.slug}/board.json")
    assert answer.status_code == 200
    return answer.json()  # type: ignore[no-any-return]


async def surface(client: httpx.AsyncClient, hall: Hall, name: str) -> str:
    """All that one surface tells of the board, as text."""
    if name == "socket":
        frame = await Hub(hall.redis).newest(Topic(Kind.BOARD, hall.contest_id))
        assert frame is not None
        return frame.body.decode()
    await look(client)
    answer = await client.get(f"/c/{hall.slug}/{name}")
    assert answer.status_code == 200
    if name == "board.xlsx":
        book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        return str(book.get_sheet_by_index(0).to_python())
    return answer.text


async def settled(client: httpx.AsyncClient, hall: Hall) -> dict[str, Any]:
    """The board's JSON once this process has the newest version."""
    await look(client)
    return await board_json(client, hall)


async def test_board_counts_ballots_and_ranks(client: httpx.AsyncClient, hall: Hall) -> None:
    for voter, code in ((1, "002"), (2, "002"), (3, "001")):
        await hall.vote(voter, code)
    await hall.tick()
    board = await settled(client, hall)
    assert [(r["rank"], r["code"], r["valid"]) for r in board["rows"]] == [
        (1, "002", 2),
        (2, "001", 1),
        (3, "003", 0),
    ]
    assert board["totals"] == {"valid": 3, "under_review": 0, "void": 0}


async def test_board_json_answers_304_until_the_board_changes(
    client: httpx.AsyncClient, hall: Hall
) -> None:
    await hall.tick()
    await look(client)
    path = f"/c/{hall.slug}/board.json"
    etag = (await client.get(path)).headers["etag"]
    again = await client.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    await hall.vote(1, "001")
    await hall.tick()
    await settled(client, hall)
    changed = await client.get(path, headers={"If-None-Match": etag})
    assert (changed.status_code, changed.json()["totals"]["valid"]) == (200, 1)


async def test_board_before_the_first_one_is_not_found(
    client: httpx.AsyncClient, hall: Hall
) -> None:
    await hall.set_phase(Phase.NOMINATION)
    await hall.tick()
    for name in ("board.json", "board.csv", "board.xlsx"):
        assert (await client.get(f"/c/{hall.slug}/{name}")).status_code == 404


async def test_tick_publishes_only_what_changed(hall: Hall) -> None:
    versions = []
    for votes in (3, 3, 4):
        await hall.votes(c001=votes)
        await hall.tick()
        board = await service.snapshot(hall.contest_id)
        assert board is not None
        versions.append(board.version)
    assert versions == [versions[0], versions[0], versions[0] + 1]


@pytest.mark.parametrize("name", SURFACES)
async def test_frozen_board_stays_on_every_surface(
    client: httpx.AsyncClient, hall: Hall, clock: SettableClock, name: str
) -> None:
    await hall.votes(c001=4711, c002=815)
    await hall.tick()
    await service.freeze(hall.poll.contest, SYSTEM, clock.now())
    held = await surface(client, hall, name)
    assert "4711" in held.replace(",", "")
    await hall.votes(c001=9999, c002=99999)
    await hall.vote(77, "003")
    await hall.set_phase(Phase.JUDGING)
    clock.advance(timedelta(minutes=10))
    await hall.tick()
    after = await surface(client, hall, name)
    if name == "screen":
        assert ("4,711" in after, "9,999" in after) == (True, False)
    else:
        assert after == held
    contest = hall.poll.contest
    await service.unfreeze(contest, SYSTEM, clock.now())
    assert "9999" in (await surface(client, hall, name)).replace(",", "")


async def test_freeze_and_unfreeze_twice_do_nothing_more(hall: Hall) -> None:
    await hall.tick()
    contest, now = hall.poll.contest, hall.clock.now()
    assert await service.unfreeze(contest, SYSTEM, now) is None
    assert await service.freeze(contest, SYSTEM, now) is not None
    assert await service.freeze(contest, SYSTEM, now) is None


@pytest.mark.parametrize("name", SURFACES)
async def test_hidden_counts_are_on_no_surface(
    client: httpx.AsyncClient, make_hall: HallMaker, name: str
) -> None:
    hall = await make_hall("hidden")
    await hall.tick()
    before = await surface(client, hall, name)
    await hall.votes(c003=4711, c002=815)
    await hall.tick()
    after = await surface(client, hall, name)
    assert ("4711" in after.replace(",", ""), "815" in after) == (False, False)
    if name == "socket":
        assert after == before, "a version that changes with the votes tells that there are votes"


async def test_daily_counts_wait_for_their_hour(make_hall: HallMaker, clock: SettableClock) -> None:
    hall = await make_hall("daily_snapshot")
    seen = []
    for hours, votes in ((0, 10), (9, 20), (14, 30)):
        clock.set(clock.now().replace(hour=1, minute=30) + timedelta(hours=hours % 24))
        await hall.votes(c001=votes)
        await hall.tick()
        board = await service.snapshot(hall.contest_id)
        assert board is not None
        seen.append(board.rows[0].valid)
        clock.set(clock.now().replace(hour=1))
    # 09:30: the count of yesterday's 18:00 was missed and is made up; 18:30; 23:30
    assert seen == [10, 20, 20]


async def test_draft_contest_is_hidden_from_the_public(
    client: httpx.AsyncClient, hall: Hall
) -> None:
    await hall.tick()
    await hall.set_phase(Phase.DRAFT)
    for name in ("board.json", "board.csv", "board.xlsx", "screen"):
        assert (await client.get(f"/c/{hall.slug}/{name}")).status_code == 404


async def test_export_takes_no_name_for_a_formula(client: httpx.AsyncClient, hall: Hall) -> None:
    await hall.vote(1, "002")
    async with db.connection() as connection:
        await connection.execute(
            "UPDATE entrant SET name = '=1+1', township = '@x' WHERE contest = $1", hall.contest_id
        )
    await hall.tick()
    await settled(client, hall)
    lines = (await surface(client, hall, "board.csv")).splitlines()
    assert lines[2] == "1,002,'=1+1,'@x,1,0,0,"
    book = CalamineWorkbook.from_filelike(
        io.BytesIO((await client.get(f"/c/{hall.slug}/board.xlsx")).content)
    )
    row = book.get_sheet_by_index(0).to_python()[4]
    assert row[:4] == [1.0, "002", "'=1+1", "'@x"]
