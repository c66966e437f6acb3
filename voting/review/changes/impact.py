"""The impact of voiding a set of ballots: whose votes they are, and what would follow.

Whoever proposes or decides to void ballots, or to count them again, sees this first: how the
contest stands if every one of them counts and if none does, whichever of them count now.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from contest.editions.rules.contest import Contest
from contest.entrants.service import entrants_of
from voting.casting import service
from voting.casting.rules.vote_rank import vote_ranks, with_change
from voting.ledger import store as store_ledger


@dataclass(frozen=True)
class WouldChange:
    """The difference between two counts: whether any award would go elsewhere, and the codes of
    entrants who would stand at another rank. `incomplete` while figures are missing, so that
    the answer goes by what there is."""

    awards: bool
    moved: tuple[str, ...]
    incomplete: bool


CLOSED = 3
"""The urgency of what has been decided: none."""

VoteChange = Mapping[int, int]
"""By entrant id, how many valid votes more than now, or fewer."""

AwardChange = Callable[
    [Contest, Sequence[tuple[VoteChange, VoteChange]]], Awaitable[list[WouldChange]]
]
"""Answers, for each pair of changes of the votes, how the results after them differ. `app.py`
provides it, since awards are the subject of a higher package."""


@dataclass(frozen=True)
class EntrantImpact:
    """An entrant's votes among the ballots, from the first to the last minute, and the places
    by valid votes alone if none of the ballots counts and if all do; None for no place."""

    entrant: int
    votes: int
    first_at: datetime
    last_at: datetime
    without: int | None
    with_them: int | None


@dataclass(frozen=True)
class Impact:
    """Entrants with most votes among the ballots come first."""

    entrants: tuple[EntrantImpact, ...]
    change: WouldChange

    @property
    def urgency(self) -> int:
        """0 where an award hangs on them, 1 where places by votes do and awards cannot be told
        yet, else 2."""
        if self.change.awards:
            return 0
        moves = any(one.without != one.with_them for one in self.entrants)
        return 1 if self.change.incomplete and moves else 2


async def impact_of(contest: Contest, sequences: Sequence[int], ask: AwardChange) -> Impact:
    """The impact of voiding these ballots of the contest."""
    (found,) = await impacts_of(contest, [sequences], ask)
    return found


async def impacts_of(
    contest: Contest, sets: Sequence[Sequence[int]], ask: AwardChange
) -> list[Impact]:
    """The same for several sets of ballots, for which the figures are read once."""
    if not sets:
        return []
    valid = await _valid_votes(contest)
    found = [await store_ledger.votes_on(contest.id, sequences) for sequences in sets]
    changes = [
        (
            {one.entrant: -one.counting for one in votes},
            {one.entrant: one.votes - one.counting for one in votes},
        )
        for votes in found
    ]
    answers = await ask(contest, changes)
    return [
        _impact(votes, valid, change, answer)
        for votes, change, answer in zip(found, changes, answers, strict=True)
    ]


def _impact(
    votes: Sequence[store_ledger.VotesOn],
    valid: Mapping[int, int],
    change: tuple[VoteChange, VoteChange],
    answer: WouldChange,
) -> Impact:
    without, with_them = (vote_ranks(with_change(valid, one)) for one in change)
    entrants = (
        EntrantImpact(
            one.entrant,
            one.votes,
            one.first_at,
            one.last_at,
            without.get(one.entrant),
            with_them.get(one.entrant),
        )
        for one in votes
    )
    return Impact(tuple(entrants), answer)


async def _valid_votes(contest: Contest) -> dict[int, int]:
    """Of those who have a place on the board."""
    counts = await service.tally(contest.id)
    standing = [one for one in await entrants_of(contest.id) if one.code and not one.withdrawn]
    return {one.id: counts[one.id].valid if one.id in counts else 0 for one in standing}
