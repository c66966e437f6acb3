"""What the hall may be told of marks that were given a moment ago."""

import pytest

from core.audit import SYSTEM
from core.crypto import KeyRing, load_keys
from core.settings import Settings
from scoring.engine.result import Result
from scoring.judging.running_order import service as floor
from scoring.judging.sheets import corrections, signing
from scoring.judging.sheets import service as sheets
from scoring.judging.sheets.corrections import Correction
from scoring.judging.snapshot import read_snapshot
from scoring.results import provisional
from tests.conftest import START
from tests.support.judging import MARKS, PIN, JudgingContest, judging_contest, mark_everyone

pytestmark = pytest.mark.usefixtures("pool")


@pytest.fixture
async def keys(settings: Settings) -> KeyRing:
    return load_keys(settings.data_dir)


def judged(result: Result, code: str) -> list[str]:
    """The values of one entrant's sheets as the engine took them."""
    found = next(one for one in result.entrants if one.code == code)
    return [
        str(mark.value)
        for component in found.components
        for part in component.rounds
        for panel in part.panels
        for mark in panel.marks
    ]


async def _submit(given: JudgingContest, number: int) -> None:
    judge = given.judges[number - 1]
    await sheets.save_marks(given.contest, judge, "001", MARKS, given.now)
    await sheets.submit(given.contest, judge, "001", given.actor(number), given.now)


async def test_no_mark_is_told_while_a_colleague_still_marks() -> None:
    given = await judging_contest(START)
    await floor.open_entrant(given.contest, "001", SYSTEM, given.now)
    for number in (1, 2, 3, 4):
        await _submit(given, number)
    assert judged(await provisional.result_of_entrant(given.contest, "001"), "001") == []
    await _submit(given, 5)
    told = judged(await provisional.result_of_entrant(given.contest, "001"), "001")
    assert told == ["151/2"] * 5


async def test_corrected_sheet_is_told_and_shown_as_it_is_in_force(keys: KeyRing) -> None:
    given = await judging_contest(START, entrants=1)
    for number in range(1, 6):
        await mark_everyone(given, number, {"001": 30})
    judge = given.judges[0]
    await signing.sign(given.contest, judge, PIN, given.hand(1, keys), confirmed=True)
    typed = {"influence": "38", "content": "0", "conduct": "0"}
    wanted = Correction("main", "001", typed, recused=False, reason="误触")
    await corrections.propose_correction(given.contest, judge, wanted, given.actor(1), given.now)
    book = await read_snapshot(given.contest)
    assert book.sheet(judge, "main").entries[0].total == 30, "a proposal alone changes nothing"
    await corrections.decide(given.contest, 1, given.hand(2, keys), "", approved=True)
    entry = (await read_snapshot(given.contest)).sheet(judge, "main").entries[0]
    assert entry.total == entry.marks["influence"] == 38
    told = judged(await provisional.result_of_entrant(given.contest, "001"), "001")
    assert sorted(told) == ["30"] * 4 + ["38"]
