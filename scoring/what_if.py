"""Answers the fraud review's question: would any award change if these votes were struck?"""

from collections.abc import Mapping

from contest import service as contests
from contest.rules.contest import Contest
from scoring import standing
from scoring.rules.sensitivity import strike_sensitivity
from voting.stakes import WouldChange


async def award_change(contest: Contest, struck: Mapping[int, int]) -> WouldChange:
    """Asks the engine itself, twice, on the figures that are in; `struck` is by entrant id."""
    codes = {one.id: one.code for one in await contests.entrants(contest.id)}
    found = strike_sensitivity(
        contest.rulebook,
        await standing.data_now(contest),
        {codes[entrant]: votes for entrant, votes in struck.items() if entrant in codes},
    )
    return WouldChange(found.awards_change, found.moved, found.incomplete)
