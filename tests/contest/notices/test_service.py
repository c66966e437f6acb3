"""Objections during the notice: by real name, sealed, answered once in writing."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest

from contest.editions.rules.contest import Contest, Phase
from contest.notices import service as objections
from core.audit import SYSTEM
from core.beijing import BEIJING
from core.crypto import KeyRing, load_keys
from core.database import db
from core.problems import Conflict, NotFound
from core.settings import Settings
from tests.support.contests import contest_in

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("pool")


@pytest.fixture
def keys(settings: Settings) -> KeyRing:
    return load_keys(settings.data_dir)


async def in_notice(slug: str) -> Contest:
    contest, _ = await contest_in(Phase.PUBLIC_NOTICE, slug, NOW)
    return contest


async def filed(contest: Contest, keys: KeyRing, at: datetime) -> str:
    return await objections.file_objection(
        contest, "张三丰", "13900000003", "001", "数字不符", keys, at
    )


async def test_objection_is_found_by_its_reference_in_any_case(keys: KeyRing) -> None:
    contest = await in_notice("found")
    reference = await filed(contest, keys, contest.phase_since)
    assert re.fullmatch(r"([A-HJ-NP-Z2-9]{4}-){2}[A-HJ-NP-Z2-9]{4}", reference)
    found = await objections.by_reference(f" {reference.lower()} ", keys)
    assert (found.real_name, found.contact, found.body) == ("张三丰", "13900000003", "数字不符")
    with pytest.raises(NotFound):
        await objections.by_reference("AAAA-AAAA-AAAA", keys)


async def test_name_and_contact_are_sealed_at_rest(keys: KeyRing) -> None:
    contest = await in_notice("sealed")
    await filed(contest, keys, contest.phase_since)
    async with db.connection() as connection:
        rows = await connection.fetch("SELECT * FROM objection")
    stored = repr([dict(row) for row in rows])
    assert "数字不符" in stored
    assert "张三丰" not in stored
    assert "13900000003" not in stored


async def test_last_moment_of_the_notice_in_beijing(keys: KeyRing) -> None:
    contest = await in_notice("last-day")
    assert contest.notice_ends_on is not None
    midnight = datetime.combine(contest.notice_ends_on + timedelta(days=1), time(), BEIJING)
    await filed(contest, keys, midnight - timedelta(seconds=1))
    with pytest.raises(Conflict) as refused:
        await filed(contest, keys, midnight)
    assert refused.value.code == "objections_closed"


@pytest.mark.parametrize("phase", [Phase.VOTING, Phase.TALLYING, Phase.FINAL])
async def test_none_is_taken_outside_the_notice(keys: KeyRing, phase: Phase) -> None:
    contest, _ = await contest_in(phase, f"outside-{phase.value}", NOW)
    with pytest.raises(Conflict):
        await filed(contest, keys, contest.phase_since)


async def test_it_is_answered_once_and_those_that_wait_come_first(keys: KeyRing) -> None:
    contest = await in_notice("answered")
    at = contest.phase_since
    first = await filed(contest, keys, at)
    second = await filed(contest, keys, at)
    number = (await objections.by_reference(first, keys)).id
    await objections.answer_objection(contest.id, number, "dismissed", "经核对无误", SYSTEM, at)
    with pytest.raises(Conflict) as refused:
        await objections.answer_objection(contest.id, number, "upheld", "再答", SYSTEM, at)
    assert refused.value.code == "already_answered"
    listed = await objections.of_contest(contest.id, keys)
    assert [one.reference for one in listed] == [second, first]
    assert (listed[1].outcome, listed[1].answer) == ("dismissed", "经核对无误")


async def test_answer_must_be_of_the_same_contest(keys: KeyRing) -> None:
    contest, other = await in_notice("mine"), await in_notice("other")
    reference = await filed(contest, keys, contest.phase_since)
    number = (await objections.by_reference(reference, keys)).id
    with pytest.raises(NotFound):
        await objections.answer_objection(other.id, number, "upheld", "答复", SYSTEM, NOW)


async def test_notice_of_the_result_is_posted_by_itself() -> None:
    contest = await in_notice("posted")
    (notice,) = await objections.notices(contest.id)
    assert notice["title"] == f"{contest.title}结果公示"
    assert "公示5个工作日" in notice["body"]
