"""The host's acts on the big screen."""

from typing import Any

import msgspec
import pytest

from core import audit
from core.audit import SYSTEM
from core.problems import Conflict, NotFound
from live.boards.frames import Frame
from live.stage import service as show_service
from live.stage.rules.reveal import Order
from live.stage.rules.show import Mode
from scoring.judging.running_order import service as floor
from tests.conftest import START
from tests.support.judging import JudgingContest, judging_contest, mark_everyone

pytestmark = pytest.mark.usefixtures("client")


def told(frame: Frame) -> dict[str, Any]:
    return dict(msgspec.json.decode(frame.body))


async def judged() -> JudgingContest:
    given = await judging_contest(START, entrants=2)
    for number in range(1, 6):
        await mark_everyone(given, number, {"001": 20 + number, "002": 30 + number})
    await floor.close_entrant(given.contest, SYSTEM, given.now)
    return given


async def test_screen_begins_with_the_board_and_turns_where_the_host_says() -> None:
    given = await judging_contest(START, entrants=1)
    begun = await show_service.state_of(given.contest)
    assert (begun.mode, begun.provisional, begun.stage) == (Mode.BOARD, True, None)
    frame = await show_service.turn_to(given.contest, Mode.BLANK, SYSTEM, given.now)
    assert (frame.version, told(frame)["mode"]) == (1, "blank")
    assert (await show_service.state_of(given.contest)).mode is Mode.BLANK


async def test_card_of_nobody_is_refused() -> None:
    given = await judging_contest(START, entrants=1)
    with pytest.raises(NotFound):
        await show_service.show_entrant(given.contest, "999", SYSTEM, given.now)


async def test_reveal_before_the_judges_have_signed_is_refused() -> None:
    given = await judging_contest(START, entrants=1)
    with pytest.raises(Conflict, match="还有评委没有签字锁定评分表"):
        await show_service.begin_reveal(given.contest, Order.FROM_LAST, SYSTEM, given.now)


async def test_two_hosts_who_press_at_once_tell_one_card() -> None:
    given = await judged()
    frame = await show_service.show_entrant(given.contest, "001", SYSTEM, given.now)
    seen = frame.version
    await show_service.step(given.contest, 1, seen, SYSTEM, given.now)
    with pytest.raises(Conflict, match="大屏刚刚已经变化"):
        await show_service.step(given.contest, 1, seen, SYSTEM, given.now)
    show = await show_service.show_of(given.contest.id)
    assert (show.version, show.step) == (seen + 1, 2)


async def test_steps_go_back_and_every_act_is_in_the_audit_log() -> None:
    given = await judged()
    frame = await show_service.show_entrant(given.contest, "002", SYSTEM, given.now)
    with pytest.raises(Conflict, match="已经是第一步"):
        await show_service.step(given.contest, -1, frame.version, SYSTEM, given.now)
    for steps in (1, -1):
        frame = await show_service.step(given.contest, steps, frame.version, SYSTEM, given.now)
    assert (await show_service.show_of(given.contest.id)).step == 1
    acts = [one["action"] for one in await audit.entries_about("contest", given.contest.id)]
    assert acts[:3] == ["show.stepped", "show.stepped", "show.card"]
