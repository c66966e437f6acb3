"""Entrants are imported and withdrawn, on a real database."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from contest.editions import service
from contest.entrants import importing as entrant_import
from contest.entrants import service as entrants
from contest.entrants.rules.entrant import Entrant, NewEntrant
from contest.entrants.service import entrants_of
from contest.phases.conditions import PhaseConditions
from core.audit import SYSTEM
from core.problems import Conflict, Invalid
from tests.support.contests import RULES

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CONDITIONS = PhaseConditions()

pytestmark = pytest.mark.usefixtures("pool")


async def test_withdrawn_entrant_stays_on_the_list_flagged() -> None:
    contest = await service.create_contest("withdrawal", RULES, SYSTEM, NOW)
    await entrant_import.add_entrants(contest.id, [NewEntrant("甲", code="001")], SYSTEM, NOW)
    (entrant,) = await entrants_of(contest.id)
    await entrants.withdraw_entrant(entrant.id, "本人申请", SYSTEM, NOW)
    (entrant,) = await entrants_of(contest.id)
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
    assert await entrants_of(contest.id) == []
    assert await entrant_import.import_entrants(contest, rows[:2], SYSTEM, NOW) == 1


def test_first_time_is_an_attribute_that_awards_may_test() -> None:
    entrant = Entrant(1, 1, "001", "甲", "", "", "", "", None, True, {"geo_tag": "是"})
    assert entrant.tested_attributes == {"geo_tag": "是", "first_time": "是"}
    assert replace(entrant, first_time=False).tested_attributes["first_time"] == "否"
