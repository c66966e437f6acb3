"""The contests that votes are cast in, read once in a while."""

import asyncio
from datetime import UTC, datetime

import pytest
from redis.asyncio import Redis

from contest.editions import service as contest_service
from contest.editions.rules.contest import Contest, Phase
from core.crypto import KeyRing
from core.problems import NotFound
from tests.support.voting import open_poll, set_phase
from voting.casting.contest_cache import ContestCache

pytestmark = pytest.mark.usefixtures("pool")
OPENED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The slugs that the database was asked for."""
    slugs: list[str] = []
    find = contest_service.public_contest

    async def noted(slug: str) -> Contest:
        slugs.append(slug)
        return await find(slug)

    monkeypatch.setattr(contest_service, "public_contest", noted)
    return slugs


async def test_a_rush_asks_once_and_then_not_for_a_while(
    keys: KeyRing, redis: Redis, asked: list[str]
) -> None:
    poll = await open_poll(keys, redis, OPENED)
    slug, contests = poll.contest.slug, ContestCache()
    found = await asyncio.gather(*(contests.get(slug) for _vote in range(50)))
    assert {one.id for one in found} == {poll.contest.id}
    await contests.get(slug)
    assert asked == [slug]


async def test_no_contest_is_not_kept(keys: KeyRing, redis: Redis, asked: list[str]) -> None:
    await open_poll(keys, redis, OPENED)
    contests = ContestCache()
    for _time in range(2):
        with pytest.raises(NotFound):
            await contests.get("no-such-contest")
    assert len(asked) == 2


async def test_contest_that_takes_no_votes_is_read_anew_so_that_its_opening_is_seen(
    keys: KeyRing, redis: Redis, asked: list[str]
) -> None:
    poll = await open_poll(keys, redis, OPENED)
    slug, contests = poll.contest.slug, ContestCache()
    await set_phase(poll.contest, Phase.REVIEW)
    assert (await contests.get(slug)).phase is Phase.REVIEW
    await set_phase(poll.contest, Phase.VOTING)
    assert (await contests.get(slug)).phase is Phase.VOTING
    await contests.get(slug)
    assert asked == [slug, slug]
