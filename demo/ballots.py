"""The demo's ballots: cast through the ballot box, by voters who have no account."""

import asyncio
import random
from datetime import datetime, timedelta

from contest.editions import service as contests
from contest.editions.rules.contest import Contest
from contest.entrants.service import entrants_of
from contest.rulebooks.rules.vocabulary import Voting
from core.runtime import Runtime
from demo import contests as demo
from voting.casting import service
from voting.casting.ballot_box import BallotBox

VOTERS = {demo.EARLIER_SLUG: 180, demo.VIDEO_SLUG: 120, demo.SLUG: 160}
"""How many voters cast their ballots in each contest, each on one day."""

# Far above the id of any account, so that these ballots use up nobody's votes.
_FIRST_VOTER = 1_000_000_000
_BATCH = 200


async def seed(runtime: Runtime) -> None:
    """Cast the ballots of each contest in which nobody has voted yet."""
    for slug, voters in VOTERS.items():
        contest = await contests.get_contest(slug)
        if not await service.tally(contest.id):
            await _cast(runtime, contest, voters)


async def _cast(runtime: Runtime, contest: Contest, voters: int) -> None:
    """Every voter's ballots at moments spread over the window so far, in their order."""
    voting = contest.rulebook.voting
    assert voting is not None, "ballots are seeded where the rulebook has a vote"
    # Not for secrets: the seed only makes every start vote alike.
    dice = random.Random(contest.slug)  # noqa: S311
    codes = [entrant.code for entrant in await entrants_of(contest.id)]
    liked = {code: dice.uniform(0.2, 1) for code in codes}
    box = BallotBox(runtime.keys, runtime.redis)
    ballots = sorted(
        (_moment(voting, runtime.clock.now(), dice), voter, code)
        for voter in range(voters)
        for code in _choices(voting, liked, dice)
    )
    for start in range(0, len(ballots), _BATCH):
        await asyncio.gather(
            *(
                service.cast(box, contest, _FIRST_VOTER + voter, [code], f"demo-{voter}-{code}", at)
                for at, voter, code in ballots[start : start + _BATCH]
            )
        )
    await box.finish()


def _moment(voting: Voting, now: datetime, dice: random.Random) -> datetime:
    """A moment of the window that has passed: whole days, at an hour that is open."""
    window = voting.window
    end = min(now, window.closes_at)
    days = (end - window.opens_at).days
    if days == 0:
        return window.opens_at + (end - window.opens_at) * dice.random()
    return window.opens_at + timedelta(days=dice.randrange(days), hours=dice.uniform(9, 21))


def _choices(voting: Voting, liked: dict[str, float], dice: random.Random) -> list[str]:
    """The entrants one voter names, one a ballot, within the day's quota."""
    most = min(voting.votes_per_day or 1, 4)
    ranked = sorted(liked, key=lambda code: dice.random() ** (1 / liked[code]), reverse=True)
    return ranked[: dice.randint(1, most)]
