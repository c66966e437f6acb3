"""Marks as judges save them, entrant by entrant, on a real database."""

import asyncio
from fractions import Fraction

import pytest

from contest.editions import service as contests
from core.audit import SYSTEM
from core.problems import Conflict, Invalid, NotFound
from scoring.judging.running_order import service as floor
from scoring.judging.sheets import service as sheets
from scoring.judging.sheets.rules.judge_sheet import EntryStatus
from tests.conftest import START
from tests.support.judging import MARKS, JudgingContest, judging_contest

pytestmark = pytest.mark.usefixtures("pool")


async def _opened(code: str = "001", **options: object) -> JudgingContest:
    given = await judging_contest(START, **options)  # type: ignore[arg-type]
    await floor.open_entrant(given.contest, code, SYSTEM, given.now)
    return given


async def test_save_marks_adds_up_what_is_marked_so_far() -> None:
    given = await _opened()
    judge = given.judges[0]
    entry = await sheets.save_marks(given.contest, judge, "001", {"influence": "30"}, given.now)
    assert (entry.total, entry.missing) == (Fraction(30), ("content", "conduct"))
    entry = await sheets.save_marks(given.contest, judge, "001", {"content": "20.5"}, given.now)
    assert (entry.total, entry.missing) == (Fraction(101, 2), ("conduct",))


async def test_late_retry_never_overwrites_a_newer_mark() -> None:
    given = await _opened()
    judge = given.judges[0]
    for value, sequence in (("30", 10), ("35", 12), ("31", 11), ("30", 10)):
        entry = await sheets.save_marks(
            given.contest, judge, "001", {"influence": value}, given.now, sequence=sequence
        )
    assert (entry.marks, entry.sequence) == ({"influence": Fraction(35)}, 12)


async def test_repeated_saving_changes_nothing() -> None:
    given = await _opened()
    judge = given.judges[0]
    first = await sheets.save_marks(given.contest, judge, "001", MARKS, given.now, sequence=5)
    again = await sheets.save_marks(given.contest, judge, "001", MARKS, given.now, sequence=5)
    assert first == again


async def test_saving_without_a_sequence_counts_as_the_newest() -> None:
    given = await _opened()
    judge = given.judges[0]
    await sheets.save_marks(
        given.contest, judge, "001", {"influence": "30"}, given.now, sequence=2**53 - 2
    )
    entry = await sheets.save_marks(given.contest, judge, "001", {"influence": "12"}, given.now)
    assert entry.marks == {"influence": Fraction(12)}


async def test_empty_text_takes_a_mark_back_and_zero_is_a_mark() -> None:
    given = await _opened()
    judge = given.judges[0]
    await sheets.save_marks(given.contest, judge, "001", MARKS, given.now)
    entry = await sheets.save_marks(
        given.contest, judge, "001", {"content": "", "conduct": "0"}, given.now
    )
    assert entry.marks == {"influence": Fraction(30), "conduct": Fraction(0)}
    assert entry.missing == ("content",)


async def test_every_wrong_mark_is_named_at_once_and_none_is_saved() -> None:
    given = await _opened()
    judge = given.judges[0]
    typed = {"influence": "41", "content": "20.3", "conduct": "很好", "charm": "5"}
    with pytest.raises(Invalid) as refused:
        await sheets.save_marks(given.contest, judge, "001", typed, given.now, sequence=0)
    assert [error.field for error in refused.value.errors] == [
        "influence",
        "content",
        "conduct",
        "charm",
        "sequence",
    ]
    entry = await sheets.save_marks(given.contest, judge, "001", {}, given.now)
    assert entry.marks == {}


async def test_marks_are_refused_for_an_entrant_who_is_not_open() -> None:
    given = await _opened("001")
    judge = given.judges[0]
    with pytest.raises(Conflict) as refused:
        await sheets.save_marks(given.contest, judge, "002", MARKS, given.now)
    assert refused.value.code == "entrant_not_open"
    with pytest.raises(Conflict) as refused:
        await sheets.save_marks(given.contest, judge, "001", MARKS, given.now, round_id="final")
    assert refused.value.code == "entrant_not_open"
    with pytest.raises(NotFound):
        await sheets.save_marks(given.contest, judge, "999", MARKS, given.now)


async def test_submit_names_every_criterion_without_a_mark() -> None:
    given = await _opened()
    judge = given.judges[0]
    await sheets.save_marks(given.contest, judge, "001", {"content": "20"}, given.now)
    with pytest.raises(Invalid) as refused:
        await sheets.submit(given.contest, judge, "001", given.actor(1), given.now)
    assert [error.field for error in refused.value.errors] == ["influence", "conduct"]


async def test_submitted_marks_stand_until_taken_back() -> None:
    given = await _opened()
    judge, actor = given.judges[0], given.actor(1)
    await sheets.save_marks(given.contest, judge, "001", MARKS, given.now)
    first = await sheets.submit(given.contest, judge, "001", actor, given.now)
    assert first == await sheets.submit(given.contest, judge, "001", actor, given.now)
    with pytest.raises(Conflict) as refused:
        await sheets.save_marks(given.contest, judge, "001", {"content": "1"}, given.now)
    assert refused.value.code == "already_submitted"
    entry = await sheets.take_back(given.contest, judge, "001", actor, given.now)
    assert (entry.status, entry.total) == (EntryStatus.DRAFT, Fraction(151, 2))


async def test_recused_judge_gives_no_mark() -> None:
    given = await _opened(conflicts={2: {"001": "亲属"}})
    by_declaration, on_the_spot = given.judges[1], given.judges[2]
    entry = await sheets.recuse(
        given.contest, on_the_spot, "001", "同一单位", given.actor(3), given.now
    )
    assert (entry.status, entry.reason) == (EntryStatus.RECUSED, "同一单位")
    for judge in (by_declaration, on_the_spot):
        with pytest.raises(Conflict) as refused:
            await sheets.save_marks(given.contest, judge, "001", MARKS, given.now)
        assert refused.value.code == "recused"


async def test_nothing_is_saved_after_the_host_has_closed() -> None:
    given = await _opened()
    judge = given.judges[0]
    await floor.close_entrant(given.contest, SYSTEM, given.now, confirmed=True)
    with pytest.raises(Conflict) as refused:
        await sheets.save_marks(given.contest, judge, "001", MARKS, given.now)
    assert refused.value.code == "entrant_not_open"


async def test_closing_waits_for_marks_on_their_way_or_refuses_them() -> None:
    given = await _opened(judges=5)
    outcomes = await asyncio.gather(
        *(
            sheets.save_marks(given.contest, judge, "001", MARKS, given.now)
            for judge in given.judges
        ),
        floor.close_entrant(given.contest, SYSTEM, given.now, confirmed=True),
        return_exceptions=True,
    )
    saved = [one for one in outcomes[:-1] if not isinstance(one, BaseException)]
    refused = [one.code for one in outcomes if isinstance(one, Conflict)]
    assert len(saved) + len(refused) == 5
    assert set(refused) <= {"entrant_not_open"}


async def test_marks_are_refused_outside_the_judging_phase() -> None:
    given = await _opened()
    reviewed = await contests.get_contest(given.contest.slug)
    object.__setattr__(reviewed, "phase", "tallying")
    with pytest.raises(Conflict) as refused:
        await sheets.save_marks(reviewed, given.judges[0], "001", MARKS, given.now)
    assert refused.value.code == "not_judging"
