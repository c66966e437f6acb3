"""Contests from creation to their end, on a real database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from contest.editions import service
from contest.editions.phase_conditions import PhaseGate
from contest.editions.rules.contest import Phase
from contest.entrants import importing as entrant_import
from contest.entrants import service as entrants
from contest.entrants.rules.rows import NewEntrant
from core.audit import SYSTEM
from core.problems import Conflict, Invalid, NotFound
from tests.support.contests import RULES, rulebook_text

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
GATE = PhaseGate()

pytestmark = pytest.mark.usefixtures("pool")


async def test_create_contest_stores_the_rulebook_with_its_digest() -> None:
    made = await service.create_contest("top-ten", RULES, SYSTEM, NOW)
    read = await service.get_contest("top-ten")
    assert read == made
    assert (read.phase, read.rulebook.source, read.edition) == (Phase.DRAFT, RULES, "2026")


async def test_create_contest_names_every_error_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        await service.create_contest("Bad Slug!", "format = 2\nnonsense = 1", SYSTEM, NOW)
    fields = {error.field for error in refused.value.errors}
    assert fields == {"slug", "rulebook_text"}
    assert len(refused.value.errors) > 3


async def test_create_contest_refuses_an_address_in_use() -> None:
    await service.create_contest("taken", RULES, SYSTEM, NOW)
    with pytest.raises(Invalid) as refused:
        await service.create_contest("taken", RULES, SYSTEM, NOW)
    assert [error.field for error in refused.value.errors] == ["slug"]


async def test_get_contest_of_an_unknown_address_is_not_found() -> None:
    with pytest.raises(NotFound):
        await service.get_contest("nobody")


async def test_rulebook_is_versioned_in_draft_and_fixed_afterwards() -> None:
    contest = await service.create_contest("versions", RULES, SYSTEM, NOW)
    revised = RULES.replace("shared_at_edge", "# two winners\nshared_at_edge")
    contest = await service.revise_rulebook(contest.id, revised, SYSTEM, NOW)
    assert (contest.rulebook_number, contest.rulebook.source) == (2, revised)
    await service.advance(contest.id, Phase.NOMINATION, SYSTEM, NOW, GATE)
    with pytest.raises(Conflict) as refused:
        await service.revise_rulebook(contest.id, RULES, SYSTEM, NOW)
    assert refused.value.code == "rulebook_fixed"


async def test_whole_life_of_a_contest() -> None:
    text = rulebook_text(opens_at=NOW, closes_at=NOW + timedelta(days=1))
    contest = await service.create_contest("life", text, SYSTEM, NOW)
    await service.advance(contest.id, Phase.NOMINATION, SYSTEM, NOW, GATE)
    await entrant_import.add_entrants(
        contest.id, [NewEntrant("甲"), NewEntrant("乙", code="002")], SYSTEM, NOW
    )
    await service.advance(contest.id, Phase.REVIEW, SYSTEM, NOW, GATE)
    with pytest.raises(Conflict) as refused:
        await service.advance(contest.id, Phase.VOTING, SYSTEM, NOW, GATE)
    assert [error.field for error in refused.value.errors] == ["codes_missing"]
    await entrants.assign_codes(contest.id, "pinyin", "", SYSTEM, NOW)
    codes = {entrant.name: entrant.code for entrant in await service.entrants(contest.id)}
    assert codes == {"甲": "001", "乙": "002"}

    await service.advance(contest.id, Phase.VOTING, SYSTEM, NOW, GATE)
    with pytest.raises(Conflict) as refused:
        await service.advance(contest.id, Phase.JUDGING, SYSTEM, NOW, GATE)
    assert [error.field for error in refused.value.errors] == ["window_open"]
    later = NOW + timedelta(days=1)
    await service.advance(contest.id, Phase.JUDGING, SYSTEM, later, GATE)
    await service.advance(contest.id, Phase.TALLYING, SYSTEM, later, GATE)
    with pytest.raises(Conflict) as refused:
        await service.advance(contest.id, Phase.PUBLIC_NOTICE, SYSTEM, later, GATE)
    assert [error.field for error in refused.value.errors] == ["approval_missing"]
    await service.record_approval_document(contest.id, "同政发〔2026〕8号", SYSTEM, later)
    contest = await service.advance(contest.id, Phase.PUBLIC_NOTICE, SYSTEM, later, GATE)
    assert (contest.notice_starts_on, contest.notice_ends_on) == (
        date(2026, 3, 3),
        date(2026, 3, 10),
    )
    last_minute = datetime(2026, 3, 10, 15, 59, tzinfo=UTC)
    with pytest.raises(Conflict):
        await service.advance(contest.id, Phase.FINAL, SYSTEM, last_minute, GATE)
    midnight = last_minute + timedelta(minutes=1)
    contest = await service.advance(contest.id, Phase.FINAL, SYSTEM, midnight, GATE)
    assert contest.phase is Phase.FINAL
    with pytest.raises(Conflict):
        await service.advance(contest.id, Phase.DRAFT, SYSTEM, midnight, GATE)


async def test_withdrawn_entrant_stays_on_the_list_flagged() -> None:
    contest = await service.create_contest("withdrawal", RULES, SYSTEM, NOW)
    await entrant_import.add_entrants(contest.id, [NewEntrant("甲", code="001")], SYSTEM, NOW)
    (entrant,) = await service.entrants(contest.id)
    await entrants.withdraw_entrant(entrant.id, "本人申请", SYSTEM, NOW)
    (entrant,) = await service.entrants(contest.id)
    assert (entrant.withdrawn, entrant.withdrawn_reason) == (True, "本人申请")
    with pytest.raises(Conflict) as refused:
        await entrants.withdraw_entrant(entrant.id, "再次", SYSTEM, NOW)
    assert refused.value.code == "already_withdrawn"


async def test_import_entrants_names_every_error_by_row_and_column() -> None:
    contest = await service.create_contest("import", RULES, SYSTEM, NOW)
    rows = [["编号", "姓名", "首次参赛"], ["1", "甲", "是"], ["1", "", "也许"], [], ["x", "乙", ""]]
    with pytest.raises(Invalid) as refused:
        await entrant_import.import_entrants(contest, rows, SYSTEM, NOW)
    assert [error.message for error in refused.value.errors] == [
        "第 3 行「name」列：没有填写姓名",
        "第 3 行「first_time」列：应当填「是」或「否」",
        "第 3 行「code」列：编号 001 与第 2 行重复",
        "第 5 行「code」列：编号应当是 001 到 999 的三位数字",
    ]
    assert await service.entrants(contest.id) == []
    assert await entrant_import.import_entrants(contest, rows[:2], SYSTEM, NOW) == 1
