"""The contests that votes are being cast in, read once in a while instead of at every vote."""

import asyncio

from contest.editions import service as contest_service
from contest.editions.rules.contest import Contest, Phase
from core.single_flight import SingleFlight

_SECONDS = 2.0


class ContestCache:
    """Of a cached contest only what cannot change while it takes votes is relied upon: its
    id and its rulebook. The phase is read again with every batch of ballots."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Contest]] = {}
        self._read = SingleFlight(contest_service.public_contest)

    async def get(self, slug: str) -> Contest:
        """A public contest. Raises NotFound, also for a draft."""
        now = asyncio.get_running_loop().time()
        until, contest = self._kept.get(slug, (0.0, None))
        if contest is None or now >= until or contest.phase is not Phase.VOTING:
            contest = await self._read(slug)
            self._kept[slug] = (now + _SECONDS, contest)
        return contest
