"""What becomes a board for the public, and what only staff may see."""

from datetime import timedelta

import pytest

from contest.editions.rules.contest import Phase
from core.audit import SYSTEM
from live.boards import service
from live.boards.rules import Basis, Snapshot
from scoring.judging.running_order import service as floor
from tests.conftest import START
from tests.live.conftest import Hall, HallMaker
from tests.support.judging import judging_contest, mark_everyone


async def board(hall: Hall) -> Snapshot:
    found = await service.snapshot(hall.contest_id)
    assert found is not None
    return found


async def test_no_board_before_voting(hall: Hall) -> None:
    for phase in (Phase.DRAFT, Phase.NOMINATION, Phase.REVIEW):
        contest = await hall.set_phase(phase)
        assert await service.publish(contest, hall.clock.now()) is None
    assert await service.snapshot(hall.contest_id) is None


async def test_staff_sees_the_true_counts_that_the_public_may_not(make_hall: HallMaker) -> None:
    hall = await make_hall("hidden")
    await hall.vote(1, "002")
    await hall.tick()
    public = await board(hall)
    staff = await service.staff_snapshot(hall.poll.contest, hall.clock.now())
    assert (public.basis, public.totals) == (Basis.CODE, None)
    assert (staff.rows[0].code, staff.rows[0].valid) == ("002", 1)


async def test_staff_looks_through_a_freeze_and_the_public_does_not(hall: Hall) -> None:
    await hall.vote(1, "001")
    await hall.tick()
    await service.freeze(hall.poll.contest, SYSTEM, hall.clock.now())
    await hall.vote(2, "003")
    await hall.vote(3, "003")
    await hall.tick()
    staff = await service.staff_snapshot(hall.poll.contest, hall.clock.now())
    held = await board(hall)
    assert (held.frozen, held.rows[0].code, staff.rows[0].code) == (True, "001", "003")
    assert await service.is_frozen(hall.contest_id)


async def test_quiet_board_says_anew_after_a_minute_of_when_it_is(hall: Hall) -> None:
    await hall.tick()
    hall.clock.advance(timedelta(seconds=30))
    assert await service.publish(hall.poll.contest, hall.clock.now()) is None
    hall.clock.advance(timedelta(seconds=31))
    assert await service.publish(hall.poll.contest, hall.clock.now()) is not None


@pytest.mark.usefixtures("client")
async def test_composite_is_the_staffs_alone_until_the_public_notice() -> None:
    given = await judging_contest(START, entrants=2)
    for number in range(1, 6):
        await mark_everyone(given, number, {"001": 20 + number, "002": 30 + number})
    await floor.close_entrant(given.contest, SYSTEM, given.now)
    await service.publish(given.contest, given.now)
    public = await service.snapshot(given.contest.id)
    staff = await service.staff_snapshot(given.contest, given.now)
    assert public is not None
    assert [row.composite for row in public.rows] == [None, None]
    assert public.provisional
    assert staff.basis in (Basis.VOTES, Basis.COMPOSITE)
