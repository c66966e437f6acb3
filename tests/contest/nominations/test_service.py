"""Nominations from a draft to a decision, on a real database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from contest.editions import service
from contest.editions.rules.contest import Contest, Phase
from contest.entrants.service import entrants_of
from contest.nominations import service as nominations
from contest.nominations.rules import Candidate, Gap, NominationStatus
from core.audit import SYSTEM, Actor
from core.crypto import KeyRing, load_keys
from core.database import db
from core.problems import Conflict, Invalid, NotFound
from core.settings import Settings
from tests.support.contests import contest_in

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BUREAU = Actor(None, "审核人")
COMPLETE = Candidate(
    name="江小鱼",
    born_on=date(1990, 1, 1),
    phone="13900000001",
    platform="抖音",
    account="江小鱼在同江",
    summary="跟着渔船看江",
    case_report="事迹" * 30,
    photo="0" * 64,
    consent=True,
)

pytestmark = pytest.mark.usefixtures("pool")


@pytest.fixture
def keys(settings: Settings) -> KeyRing:
    return load_keys(settings.data_dir)


async def opened(slug: str) -> Contest:
    contest, _ = await contest_in(Phase.NOMINATION, slug, NOW, entrants=0)
    return contest


async def submitted(contest: Contest, keys: KeyRing, candidate: Candidate = COMPLETE) -> int:
    nomination_id = await nominations.begin(contest, "同江镇", SYSTEM, NOW)
    await nominations.submit(nomination_id, "同江镇", candidate, keys, SYSTEM, NOW)
    return nomination_id


async def status_of(nomination_id: int, keys: KeyRing) -> NominationStatus:
    return (await nominations.get(nomination_id, keys)).status


async def test_submission_with_gaps_names_them_all_and_keeps_what_was_typed(keys: KeyRing) -> None:
    contest = await opened("gaps")
    nomination_id = await nominations.begin(contest, "同江镇", SYSTEM, NOW)
    typed = Candidate(name="江小鱼", phone="13900000001")
    with pytest.raises(Invalid) as refused:
        await nominations.submit(nomination_id, "同江镇", typed, keys, SYSTEM, NOW)
    assert len(refused.value.errors) == 7
    kept = await nominations.get(nomination_id, keys)
    assert (kept.candidate, kept.status) == (typed, NominationStatus.DRAFT)


async def test_phone_and_birth_date_are_sealed_at_rest(keys: KeyRing) -> None:
    nomination_id = await submitted(await opened("sealed"), keys)
    async with db.connection() as connection:
        row = await connection.fetchrow("SELECT * FROM nomination WHERE id = $1", nomination_id)
    stored = repr(dict(row))
    assert "江小鱼" in stored
    for secret in ("13900000001", "1990-01-01"):
        assert secret not in stored
    assert (await nominations.get(nomination_id, keys)).candidate == COMPLETE


async def test_returned_nomination_is_corrected_and_passes_into_the_entrants(
    keys: KeyRing,
) -> None:
    contest = await opened("returned")
    nomination_id = await submitted(contest, keys)
    found = [Gap("case_report", "请补充数据"), Gap("photo", "照片不清楚")]
    await nominations.return_nomination(nomination_id, found, keys, BUREAU, NOW)
    (review,) = await nominations.reviews(nomination_id)
    assert (review.decision, review.gaps, review.reviewer) == ("returned", tuple(found), "审核人")
    better = replace(COMPLETE, case_report="补充数据后的事迹" * 10)
    await nominations.submit(nomination_id, "同江镇", better, keys, SYSTEM, NOW)
    await nominations.pass_nomination(nomination_id, keys, BUREAU, NOW)
    (entrant,) = await entrants_of(contest.id)
    assert (entrant.name, entrant.nominator, entrant.case_report, entrant.photo) == (
        "江小鱼",
        "同江镇",
        better.case_report,
        COMPLETE.photo,
    )
    decisions = [one.decision for one in await nominations.reviews(nomination_id)]
    assert decisions == ["passed", "returned"]


async def test_return_without_a_named_gap_is_refused(keys: KeyRing) -> None:
    nomination_id = await submitted(await opened("no-gap"), keys)
    with pytest.raises(Invalid):
        await nominations.return_nomination(nomination_id, [], keys, BUREAU, NOW)
    assert await status_of(nomination_id, keys) is NominationStatus.SUBMITTED


async def test_decided_nomination_is_decided_once(keys: KeyRing) -> None:
    contest = await opened("once")
    nomination_id = await submitted(contest, keys)
    await nominations.reject_nomination(nomination_id, "不符合条件", keys, BUREAU, NOW)
    with pytest.raises(Conflict) as refused:
        await nominations.pass_nomination(nomination_id, keys, BUREAU, NOW)
    assert refused.value.code == "not_waiting"
    with pytest.raises(Conflict) as refused:
        await nominations.withdraw(nomination_id, "同江镇", "不参加了", keys, SYSTEM, NOW)
    assert refused.value.code == "nomination_decided"
    assert await entrants_of(contest.id) == []


async def test_submitted_nomination_cannot_be_changed_but_withdrawn(keys: KeyRing) -> None:
    nomination_id = await submitted(await opened("fixed"), keys)
    with pytest.raises(Conflict) as refused:
        await nominations.save(nomination_id, "同江镇", Candidate(), keys, SYSTEM, NOW)
    assert refused.value.code == "nomination_fixed"
    await nominations.withdraw(nomination_id, "同江镇", "本人不参加", keys, SYSTEM, NOW)
    gone = await nominations.get(nomination_id, keys)
    assert (gone.status, gone.withdrawn_reason) == (NominationStatus.WITHDRAWN, "本人不参加")


async def test_another_committee_does_not_see_a_nomination(keys: KeyRing) -> None:
    nomination_id = await submitted(await opened("foreign"), keys)
    with pytest.raises(NotFound):
        await nominations.get_own(nomination_id, "乐业镇", keys)
    with pytest.raises(NotFound):
        await nominations.save(nomination_id, "乐业镇", COMPLETE, keys, SYSTEM, NOW)
    with pytest.raises(NotFound):
        await nominations.withdraw(nomination_id, "乐业镇", "恶作剧", keys, SYSTEM, NOW)


async def test_deadline_closes_new_nominations_but_not_corrections(keys: KeyRing) -> None:
    contest = await opened("deadline")
    deadline = NOW + timedelta(hours=1)
    await service.set_nomination_deadline(contest.id, deadline, SYSTEM, NOW)
    contest = await service.contest_by_id(contest.id)
    returned = await submitted(contest, keys)
    await nominations.return_nomination(returned, [Gap("photo", "换一张")], keys, BUREAU, NOW)
    draft = await nominations.begin(contest, "同江镇", SYSTEM, deadline - timedelta(seconds=1))
    with pytest.raises(Conflict) as refused:
        await nominations.begin(contest, "同江镇", SYSTEM, deadline)
    assert refused.value.code == "nomination_closed"
    with pytest.raises(Conflict) as refused:
        await nominations.submit(draft, "同江镇", COMPLETE, keys, SYSTEM, deadline)
    assert refused.value.code == "nomination_closed"
    assert (await nominations.get(draft, keys)).candidate == COMPLETE
    await nominations.submit(returned, "同江镇", COMPLETE, keys, SYSTEM, deadline)
    assert await status_of(returned, keys) is NominationStatus.SUBMITTED


async def test_account_without_a_committee_may_not_nominate() -> None:
    contest = await opened("no-committee")
    with pytest.raises(Conflict) as refused:
        await nominations.begin(contest, "", SYSTEM, NOW)
    assert refused.value.code == "no_committee"


async def test_queue_has_no_drafts_and_the_longest_wait_first(keys: KeyRing) -> None:
    contest = await opened("queue")
    await nominations.begin(contest, "同江镇", SYSTEM, NOW)
    later = await nominations.begin(contest, "同江镇", SYSTEM, NOW)
    earlier = await submitted(contest, keys)
    at = NOW + timedelta(minutes=5)
    await nominations.submit(later, "同江镇", COMPLETE, keys, SYSTEM, at)
    assert [one.id for one in await nominations.of_contest(contest.id, keys)] == [earlier, later]
    own = await nominations.of_nominator("同江镇", keys)
    assert [one.id for one in own][:2] == [earlier, later]


async def test_review_cannot_be_rewritten_even_by_the_application(keys: KeyRing) -> None:
    nomination_id = await submitted(await opened("append-only"), keys)
    await nominations.reject_nomination(nomination_id, "不符合条件", keys, BUREAU, NOW)
    async with db.connection() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("UPDATE review_decision SET reason = ''")
