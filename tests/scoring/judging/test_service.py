"""Marks for the engine, the state of the room, and what keeps a contest from moving on."""

from fractions import Fraction

import pytest

from contest.editions.rules.contest import Phase
from contest.entrants import service as entrants
from core.audit import SYSTEM
from core.problems import Conflict, Invalid
from scoring.engine.data import Mark
from scoring.judging import service
from scoring.judging.panel import service as panel
from scoring.judging.running_order import service as floor
from scoring.judging.running_order.rules import ActKind
from scoring.judging.sheets import absence, signing
from scoring.judging.sheets.signing import Hand
from scoring.judging.snapshot import read_snapshot
from tests.conftest import START
from tests.scoring.judging.sheets.test_signing import KEYS
from tests.support.contests import contest_in
from tests.support.judging import (
    PIN,
    JudgingContest,
    judge_accounts,
    judging_contest,
    mark_everyone,
)

pytestmark = pytest.mark.usefixtures("pool")


async def _codes(given: JudgingContest, to: Phase = Phase.TALLYING) -> list[str]:
    found = await service.phase_check(given.contest, to, given.now)
    return [blocker.code for blocker in found]


async def test_panel_must_be_large_enough_before_judging() -> None:
    contest, _ = await contest_in(Phase.REVIEW, "small-panel", START)
    await panel.appoint(contest, await judge_accounts(4, START), SYSTEM, START)
    (blocker,) = await service.phase_check(contest, Phase.JUDGING, START)
    assert (blocker.code, blocker.message) == (
        "panel_too_small",
        "评委只有 4 位，至少要有 5 位",
    )
    await panel.appoint(contest, await judge_accounts(1, START), SYSTEM, START)
    assert await service.phase_check(contest, Phase.JUDGING, START) == []


async def test_every_sheet_must_be_locked_before_tallying() -> None:
    given = await judging_contest(START, entrants=1)
    await floor.open_entrant(given.contest, "001", SYSTEM, given.now)
    assert await _codes(given) == ["scoring_open", "sheets_unsigned"]
    for number in range(1, 6):
        await mark_everyone(given, number, {"001": 30})
    await floor.close_entrant(given.contest, SYSTEM, given.now)
    for number in range(1, 6):
        assert await _codes(given) == ["sheets_unsigned"]
        judge = given.judges[number - 1]
        await signing.sign(given.contest, judge, PIN, given.hand(number, KEYS), confirmed=False)
    assert await _codes(given) == []


async def test_entrant_whom_too_few_judges_may_mark_blocks_tallying() -> None:
    given = await judging_contest(START, entrants=1, conflicts={2: {"001": "亲属关系"}})
    for judge in given.judges:
        hand = Hand(SYSTEM, KEYS, given.now)
        await absence.mark_absent(given.contest, judge, "main", "", "停电", hand) if (
            judge.seat.number != 2
        ) else None
    assert "panel_too_small" in await _codes(given)


async def test_marks_leave_out_who_has_withdrawn_since() -> None:
    given = await judging_contest(START, entrants=2)
    await mark_everyone(given, 1, {"001": 30, "002": 20})
    await signing.sign(given.contest, given.judges[0], PIN, given.hand(1, KEYS), confirmed=False)
    await entrants.withdraw_entrant(given.entrants[1].id, "本人申请", SYSTEM, given.now)
    assert await service.marks(given.contest.id) == [
        Mark("01", "001", "main", "influence", Fraction(30)),
        Mark("01", "001", "main", "content", Fraction(0)),
        Mark("01", "001", "main", "conduct", Fraction(0)),
    ]


async def test_marks_that_are_not_signed_do_not_reach_the_engine() -> None:
    given = await judging_contest(START, entrants=1)
    await mark_everyone(given, 1, {"001": 30})
    assert await service.marks(given.contest.id) == []


async def test_judging_state_follows_the_host() -> None:
    given = await judging_contest(START, entrants=2, conflicts={5: {"001": "亲属关系"}})
    state = service.state_from(await read_snapshot(given.contest))
    assert (state.entrant, state.next_act.kind) == (None, ActKind.OPEN)
    await floor.open_entrant(given.contest, "001", SYSTEM, given.now)
    state = service.state_from(await read_snapshot(given.contest))
    assert state.entrant is not None
    assert (state.entrant.code, state.next_act.kind) == ("001", ActKind.CLOSE)
    assert [judge.seat.number for judge in state.waiting_for] == [1, 2, 3, 4]


async def test_one_entrant_is_open_at_a_time_and_reopening_needs_a_reason() -> None:
    given = await judging_contest(START)
    await floor.open_entrant(given.contest, "001", SYSTEM, given.now)
    await floor.open_entrant(given.contest, "001", SYSTEM, given.now)
    with pytest.raises(Conflict) as refused:
        await floor.open_entrant(given.contest, "002", SYSTEM, given.now)
    assert refused.value.code == "another_open"
    with pytest.raises(Invalid):
        await floor.close_entrant(given.contest, SYSTEM, given.now)
    await floor.close_entrant(given.contest, SYSTEM, given.now, confirmed=True)
    await floor.close_entrant(given.contest, SYSTEM, given.now)
    with pytest.raises(Invalid):
        await floor.open_entrant(given.contest, "001", SYSTEM, given.now)
    await floor.open_entrant(given.contest, "001", SYSTEM, given.now, reason="一位评委断网")


async def test_withdrawn_entrant_is_not_called() -> None:
    given = await judging_contest(START, entrants=2)
    await entrants.withdraw_entrant(given.entrants[0].id, "本人申请", SYSTEM, given.now)
    state = service.state_from(await read_snapshot(given.contest))
    assert [turn.code for turn in state.turns] == ["002"]


async def test_entrant_who_withdraws_while_open_can_still_be_closed() -> None:
    given = await judging_contest(START, entrants=2)
    await floor.open_entrant(given.contest, "001", SYSTEM, given.now)
    await entrants.withdraw_entrant(given.entrants[0].id, "本人申请", SYSTEM, given.now)
    await floor.close_entrant(given.contest, SYSTEM, given.now, confirmed=True)
    await floor.open_entrant(given.contest, "002", SYSTEM, given.now)


async def test_panel_is_fixed_once_judging_has_begun() -> None:
    given = await judging_contest(START)
    with pytest.raises(Conflict):
        await panel.dismiss(given.contest, 1, SYSTEM, given.now)
    with pytest.raises(Conflict):
        await panel.appoint(given.contest, await judge_accounts(1, START), SYSTEM, given.now)


async def test_appointing_names_every_error_and_seats_nobody() -> None:
    contest, _ = await contest_in(Phase.REVIEW, "appointing", START)
    ids = await judge_accounts(7, START)
    await panel.appoint(contest, ids[:2], SYSTEM, START)
    with pytest.raises(Invalid) as refused:
        await panel.appoint(contest, [*ids[1:], 0], SYSTEM, START)
    assert [error.message for error in refused.value.errors] == [
        "评委2已在名单中",
        "有一位不是评委账号",
        "评委最多 7 位",
    ]
    assert len(await panel.panel(contest.id)) == 2
    await panel.dismiss(contest, 1, SYSTEM, START)
    await panel.appoint(contest, [ids[2]], SYSTEM, START)
    assert [judge.seat.number for judge in await panel.panel(contest.id)] == [2, 3]
