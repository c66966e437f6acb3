"""The demo's content goes through the same services as a real contest."""

from datetime import UTC, datetime

import pytest
from redis.asyncio import Redis

from contest import demo, nominations, service
from contest.photos import photo_store
from contest.rules.contest import Phase
from contest.rules.nominations import NominationStatus
from core.clock import SettableClock
from core.crypto import load_keys
from core.runtime import Runtime
from core.settings import Settings

NOW = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)


@pytest.mark.usefixtures("pool")
async def test_demo_has_an_open_vote_and_a_contest_in_nomination(
    settings: Settings, redis: Redis
) -> None:
    runtime = Runtime(settings, SettableClock(NOW), load_keys(settings.data_dir), redis)
    await demo.seed(runtime)
    await demo.seed(runtime)
    voting = await service.get_contest(demo.SLUG)
    assert voting.opens_at is not None
    assert voting.closes_at is not None
    assert voting.opens_at <= NOW < voting.closes_at
    entrants = await service.entrants(voting.id)
    assert [entrant.code for entrant in entrants] == [f"{n:03d}" for n in range(1, 13)]
    store = photo_store(runtime)
    assert all(entrant.photo and store.path(entrant.photo, "card") for entrant in entrants)
    nominating = await service.get_contest(demo.NEXT_SLUG)
    waiting = await nominations.of_contest(nominating.id, runtime.keys)
    assert (nominating.phase, [one.status for one in waiting]) == (
        Phase.NOMINATION,
        [NominationStatus.SUBMITTED],
    )
    assert len(await service.list_contests()) == 2
