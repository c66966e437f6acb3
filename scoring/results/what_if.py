"""Answers a question of the fraud review: would any award change with or without these votes?"""

from collections.abc import Sequence

from contest.editions.rules.contest import Contest
from contest.entrants.service import entrants_of
from scoring.results import provisional
from voting.review.changes.impact import VoteChange, WouldChange


async def award_change(
    contest: Contest, changes: Sequence[tuple[VoteChange, VoteChange]]
) -> list[WouldChange]:
    """What the engine computes for each pair of changes, on the figures that there are."""
    from scoring.engine.sensitivity import vote_sensitivity

    codes = {one.id: one.code for one in await entrants_of(contest.id)}

    def by_code(change: VoteChange) -> dict[str, int]:
        return {codes[one]: votes for one, votes in change.items() if one in codes}

    pairs = [(by_code(one), by_code(other)) for one, other in changes]
    found = vote_sensitivity(contest.rulebook, await provisional.data_now(contest), pairs)
    return [WouldChange(one.awards_change, one.moved, one.incomplete) for one in found]
