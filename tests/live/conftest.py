"""One contest that takes votes, and the acts of a hall on it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg
import httpx
import pytest
from redis.asyncio import Redis

from contest.editions import service as contests
from contest.editions.rules.contest import Contest, Phase
from core.clock import SettableClock
from core.engines.embedded import Endpoints
from live.boards.ticker import tick
from tests.support.people import runtime_of, state_of
from tests.support.voting import Poll, open_poll, rulebook_text, set_phase


@dataclass
class Hall:
    """A contest, its ballots, and the ticker in the test's hand."""

    poll: Poll
    redis: Redis
    clock: SettableClock
    owner_url: str

    @property
    def slug(self) -> str:
        return self.poll.contest.slug

    @property
    def contest_id(self) -> int:
        return self.poll.contest.id

    async def vote(self, voter: int, code: str) -> None:
        key = f"key-{voter}-{code}-{self.clock.now():%d%H%M}"
        await self.poll.cast(voter, code, key=key, now=self.clock.now())

    async def votes(self, void: int = 0, **by_code: int) -> None:
        """Set the tally itself, which only the schema's owner can, where the number and not
        the ballots are what matters: `votes(c001=12)`. Of each number `void` are void."""
        connection = await asyncpg.connect(self.owner_url)
        try:
            for code, votes in by_code.items():
                await connection.execute(
                    "INSERT INTO tally (contest_id, entrant_id, votes, under_review, void)"
                    " VALUES ($1, $2, $3, 0, $4) ON CONFLICT (contest_id, entrant_id)"
                    " DO UPDATE SET votes = EXCLUDED.votes, void = EXCLUDED.void",
                    self.contest_id,
                    self.poll.entrants[code.removeprefix("c")],
                    votes,
                    void,
                )
        finally:
            await connection.close()

    async def tick(self) -> None:
        await tick(self.redis, self.clock.now())

    async def set_phase(self, phase: Phase) -> Contest:
        await set_phase(self.poll.contest, phase)
        self.poll.contest = await contests.contest_by_id(self.contest_id)
        return self.poll.contest


async def look(client: httpx.AsyncClient) -> None:
    """Let this process take in the newest versions, as it does by itself every few seconds."""
    await state_of(client).hub.look()


HallMaker = Callable[[str], Awaitable[Hall]]


@pytest.fixture
def make_hall(
    client: httpx.AsyncClient, redis: Redis, clock: SettableClock, database: Endpoints
) -> HallMaker:
    """Opens a hall whose rulebook shows counts in this way."""

    async def make(display: str) -> Hall:
        text = rulebook_text(per_day=10, display=display)
        poll = await open_poll(runtime_of(client).keys, redis, clock.now(), text=text)
        return Hall(poll, redis, clock, database.database_url)

    return make


@pytest.fixture
async def hall(make_hall: HallMaker) -> Hall:
    return await make_hall("live")
