"""Closing: only the entrant whom the host saw open."""

import pytest

from core.audit import SYSTEM
from core.problems import Conflict
from scoring.judging.running_order import service as floor
from scoring.judging.snapshot import read_snapshot
from tests.conftest import START
from tests.support.judging import judging_contest

pytestmark = pytest.mark.usefixtures("pool")


async def test_late_press_never_closes_the_next_entrant() -> None:
    given = await judging_contest(START)
    await floor.open_entrant(given.contest, "001", SYSTEM, given.now)
    await floor.close_entrant(given.contest, SYSTEM, given.now, confirmed=True, code="001")
    await floor.open_entrant(given.contest, "002", SYSTEM, given.now)
    with pytest.raises(Conflict) as refused:
        await floor.close_entrant(given.contest, SYSTEM, given.now, confirmed=True, code="001")
    assert refused.value.code == "another_open"
    window = (await read_snapshot(given.contest)).open_window
    assert window is not None
    assert window.entrant_id == given.entrants[1].id
