"""What hangs on a set of ballots: whose they are, from when, and what would follow.

Whoever proposes or decides to strike ballots, or to count them again, sees this first
(VOTING.md: "would any award change?").
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from contest.rules.contest import Contest
from voting import store, store_ledger
from voting.rules.vote_rank import vote_rank, with_change


@dataclass(frozen=True)
class WouldChange:
    """What would follow if votes were struck: whether any award would change hands, and the
    codes of entrants who would stand at another rank. `incomplete` while figures are missing,
    so that the answer goes by what there is."""

    awards: bool
    moved: tuple[str, ...]
    incomplete: bool


AwardChange = Callable[[Contest, Mapping[int, int]], Awaitable[WouldChange]]
"""What striking so many valid votes of each entrant id would change, or giving back so many
that do not count where the number is negative; the package above knows."""


@dataclass(frozen=True)
class VotesAtStake:
    """An entrant's votes among the ballots, from the first to the last minute, and the places
    by valid votes alone: while these do not count (`without`), and while they do (`with_them`).
    """

    entrant: int
    votes: int
    first_at: datetime
    last_at: datetime
    without: int
    with_them: int


@dataclass(frozen=True)
class Stakes:
    """Those with most votes among the ballots come first."""

    entrants: tuple[VotesAtStake, ...]
    change: WouldChange

    @property
    def moves(self) -> bool:
        """Whether anybody's place by votes would be another."""
        return any(one.without != one.with_them for one in self.entrants)


async def stakes_of(
    contest: Contest, sequences: Sequence[int], ask: AwardChange, *, counting: bool
) -> Stakes:
    """`counting` says whether these ballots count now, so that striking them is the question,
    or do not, so that counting them is."""
    found = await store_ledger.votes_on(contest.id, sequences)
    votes = {one.entrant: one.votes for one in found}
    rows = await store.tally_rows(contest.id)
    now = {one.entrant_id: one.votes - one.under_review - one.void for one in rows}
    other = with_change(now, {one: -n if counting else n for one, n in votes.items()})
    without, with_them = (other, now) if counting else (now, other)
    change = await ask(contest, votes if counting else {one: -n for one, n in votes.items()})
    return Stakes(
        tuple(
            VotesAtStake(
                one.entrant,
                one.votes,
                one.first_at,
                one.last_at,
                vote_rank(without, one.entrant),
                vote_rank(with_them, one.entrant),
            )
            for one in found
        ),
        change,
    )
