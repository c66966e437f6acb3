"""Answers the fraud review's question: would any award change with or without these votes?"""

from collections.abc import Sequence

from contest.editions import service as contests
from contest.editions.rules.contest import Contest
from scoring.engine.sensitivity import vote_sensitivity
from scoring.results import standing
from voting.review.changes.impact import Change, WouldChange


async def award_change(
    contest: Contest, changes: Sequence[tuple[Change, Change]]
) -> list[WouldChange]:
    """Asks the engine itself, on the figures that are in."""
    codes = {one.id: one.code for one in await contests.entrants(contest.id)}

    def by_code(change: Change) -> dict[str, int]:
        return {codes[one]: votes for one, votes in change.items() if one in codes}

    pairs = [(by_code(one), by_code(other)) for one, other in changes]
    found = vote_sensitivity(contest.rulebook, await standing.data_now(contest), pairs)
    return [WouldChange(one.awards_change, one.moved, one.incomplete) for one in found]
