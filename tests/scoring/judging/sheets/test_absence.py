"""A judge who was not there: neither zero nor recused."""

import pytest

from core.audit import SYSTEM
from core.problems import Conflict, NotFound
from scoring.judging import service
from scoring.judging.sheets import absence
from scoring.judging.sheets.rules.judge_sheet import EntryStatus, SheetState, SigningMethod
from scoring.judging.sheets.signing import Hand
from scoring.judging.snapshot import read_snapshot
from tests.conftest import START
from tests.scoring.judging.sheets.test_signing import KEYS
from tests.support.judging import JudgingContest, judging_contest, mark_everyone

pytestmark = pytest.mark.usefixtures("pool")


async def _absent(given: JudgingContest, number: int, code: str = "") -> None:
    hand = Hand(SYSTEM, KEYS, given.now)
    judge = given.judges[number - 1]
    await absence.mark_absent(given.contest, judge, "main", code, "突发疾病", hand)


async def _statuses(given: JudgingContest, number: int) -> list[EntryStatus]:
    snapshot = await read_snapshot(given.contest)
    return [entry.status for entry in snapshot.sheet(given.judges[number - 1], "main").entries]


async def test_judge_absent_for_one_entrant_marks_the_others() -> None:
    given = await judging_contest(START, entrants=2)
    await _absent(given, 1, "002")
    await mark_everyone(given, 1, {"001": 20})
    assert await _statuses(given, 1) == [EntryStatus.SUBMITTED, EntryStatus.ABSENT]


async def test_judge_absent_throughout_needs_no_signature() -> None:
    given = await judging_contest(START, entrants=2, conflicts={1: {"001": "亲属关系"}})
    await _absent(given, 1)
    assert await _statuses(given, 1) == [EntryStatus.RECUSED, EntryStatus.ABSENT]
    (version,) = await service.signed_sheets(given.contest.id)
    assert (version.signing.method, version.signing.reason) == (SigningMethod.ABSENCE, "突发疾病")
    marks = await service.marks(given.contest.id)
    assert {(mark.entrant, mark.status, mark.value) for mark in marks} == {
        ("001", "recused", None),
        ("002", "absent", None),
    }


async def test_judge_who_left_early_signs_what_was_marked() -> None:
    given = await judging_contest(START, entrants=2)
    await mark_everyone(given, 1, {"001": 20})
    await _absent(given, 1)
    snapshot = await read_snapshot(given.contest)
    assert snapshot.sheet(given.judges[0], "main").state is SheetState.SUBMITTED


async def test_submitted_marks_are_never_turned_into_an_absence() -> None:
    given = await judging_contest(START, entrants=1)
    await mark_everyone(given, 1, {"001": 20})
    with pytest.raises(Conflict) as refused:
        await _absent(given, 1, "001")
    assert refused.value.code == "already_settled"


async def test_absence_in_an_unknown_round_is_not_found() -> None:
    given = await judging_contest(START, entrants=1)
    hand = Hand(SYSTEM, KEYS, given.now)
    with pytest.raises(NotFound):
        await absence.mark_absent(given.contest, given.judges[0], "final", "", "病", hand)
