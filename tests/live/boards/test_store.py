import asyncio

from core.database import db
from live.boards import store
from live.boards.frames import Kind, Topic, encode
from live.boards.rules import Audience, next_snapshot
from tests.live.board_snapshots import board_input
from tests.live.conftest import Hall
from tests.support.eventually import somebody_waits_for_a_lock


async def test_board_is_empty_until_one_is_saved(hall: Hall) -> None:
    topic = Topic(Kind.BOARD, hall.contest_id)
    assert await store.read_snapshot(hall.contest_id) is None
    async with db.unit_of_work():
        held = await store.lock_board(hall.contest_id)
    assert (held.snapshot, held.frozen) == (None, False)
    assert await store.read_frame(topic) is None
    assert await store.versions([topic]) == {}


async def test_saved_board_is_read_back_whole(hall: Hall) -> None:
    made = next_snapshot(None, board_input(3, 1), Audience.PUBLIC, frozen=False)
    topic = Topic(Kind.BOARD, hall.contest_id)
    async with db.unit_of_work():
        await store.lock_board(hall.contest_id)
        async with db.connection() as connection:
            await connection.execute(
                "UPDATE board SET version = $2, body = $3 WHERE contest = $1",
                hall.contest_id,
                made.version,
                encode(made).decode(),
            )
    assert await store.read_snapshot(hall.contest_id) == made
    found = await store.read_frame(topic)
    assert found is not None
    assert found.body == encode(made)
    assert await store.versions([topic, Topic(Kind.SHOW, hall.contest_id)]) == {topic: 1}


async def test_two_publishers_wait_for_each_other(hall: Hall) -> None:
    """The row is locked from the first look until the commit, so versions never fork."""
    order: list[str] = []
    holds = asyncio.Event()

    async def first() -> None:
        async with db.unit_of_work():
            await store.lock_board(hall.contest_id)
            holds.set()
            await somebody_waits_for_a_lock()
            order.append("first")

    async def second() -> None:
        await holds.wait()
        async with db.unit_of_work():
            await store.lock_board(hall.contest_id)
            order.append("second")

    await asyncio.gather(first(), second())
    assert order == ["first", "second"]


async def test_freeze_is_remembered(hall: Hall) -> None:
    async with db.unit_of_work():
        await store.lock_board(hall.contest_id)
        await store.set_frozen(hall.contest_id, hall.clock.now())
    assert await store.is_frozen(hall.contest_id)
    async with db.unit_of_work():
        await store.set_frozen(hall.contest_id, None)
    assert not await store.is_frozen(hall.contest_id)
