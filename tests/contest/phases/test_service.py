"""A contest is carried from phase to phase, on a real database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from contest.editions import service
from contest.editions.rules.contest import Phase
from contest.entrants import importing as entrant_import
from contest.entrants import service as entrants
from contest.entrants.rules.entrant import NewEntrant
from contest.entrants.service import entrants_of
from contest.phases.conditions import PhaseConditions
from contest.phases.service import advance
from core.audit import SYSTEM
from core.problems import Conflict
from tests.support.contests import rulebook_text

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CONDITIONS = PhaseConditions()

pytestmark = pytest.mark.usefixtures("pool")


async def test_whole_life_of_a_contest() -> None:
    text = rulebook_text(opens_at=NOW, closes_at=NOW + timedelta(days=1))
    contest = await service.create_contest("life", text, SYSTEM, NOW)
    await advance(contest.id, Phase.NOMINATION, SYSTEM, NOW, CONDITIONS)
    await entrant_import.add_entrants(
        contest.id, [NewEntrant("甲"), NewEntrant("乙", code="002")], SYSTEM, NOW
    )
    await advance(contest.id, Phase.REVIEW, SYSTEM, NOW, CONDITIONS)
    with pytest.raises(Conflict) as refused:
        await advance(contest.id, Phase.VOTING, SYSTEM, NOW, CONDITIONS)
    assert [error.field for error in refused.value.errors] == ["codes_missing"]
    await entrants.assign_codes(contest.id, "pinyin", "", SYSTEM, NOW)
    codes = {entrant.name: entrant.code for entrant in await entrants_of(contest.id)}
    assert codes == {"甲": "001", "乙": "002"}

    await advance(contest.id, Phase.VOTING, SYSTEM, NOW, CONDITIONS)
    with pytest.raises(Conflict) as refused:
        await advance(contest.id, Phase.JUDGING, SYSTEM, NOW, CONDITIONS)
    assert [error.field for error in refused.value.errors] == ["window_open"]
    later = NOW + timedelta(days=1)
    await advance(contest.id, Phase.JUDGING, SYSTEM, later, CONDITIONS)
    await advance(contest.id, Phase.TALLYING, SYSTEM, later, CONDITIONS)
    with pytest.raises(Conflict) as refused:
        await advance(contest.id, Phase.PUBLIC_NOTICE, SYSTEM, later, CONDITIONS)
    assert [error.field for error in refused.value.errors] == ["approval_missing"]
    await service.record_approval_document(contest.id, "同政发〔2026〕8号", SYSTEM, later)
    contest = await advance(contest.id, Phase.PUBLIC_NOTICE, SYSTEM, later, CONDITIONS)
    assert (contest.notice_starts_on, contest.notice_ends_on) == (
        date(2026, 3, 3),
        date(2026, 3, 10),
    )
    last_minute = datetime(2026, 3, 10, 15, 59, tzinfo=UTC)
    with pytest.raises(Conflict):
        await advance(contest.id, Phase.FINAL, SYSTEM, last_minute, CONDITIONS)
    midnight = last_minute + timedelta(minutes=1)
    contest = await advance(contest.id, Phase.FINAL, SYSTEM, midnight, CONDITIONS)
    assert contest.phase is Phase.FINAL
    with pytest.raises(Conflict):
        await advance(contest.id, Phase.DRAFT, SYSTEM, midnight, CONDITIONS)
