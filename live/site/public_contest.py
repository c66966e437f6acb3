"""What the pages of one contest are made from, gathered for one reader at one moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.people.rules import Principal, Role
from contest.editions import service as contests
from contest.editions.rules.contest import Contest
from contest.entrants.rules.entrant import Entrant
from contest.entrants.service import entrants_of
from core.i18n import _
from core.problems import NotFound
from live.boards import service as boards
from live.boards.rules import Snapshot
from live.site.rules.public_page import (
    Card,
    ContestView,
    VoterView,
    ballot_refusal,
    cards,
    contest_view,
)
from voting.casting import service as voting
from voting.casting.ballot_box import BallotBox


@dataclass(frozen=True)
class PublicContest:
    contest: Contest
    entrants: Sequence[Entrant]
    snapshot: Snapshot | None
    voter: VoterView | None
    now: datetime

    @property
    def view(self) -> ContestView:
        return contest_view(self.contest, self.entrants, self.snapshot, self.voter, self.now)

    def cards(self, chosen: Sequence[str] = ()) -> list[Card]:
        return cards(self.contest, self.entrants, self.snapshot, self.voter, self.now, chosen)

    def entrant(self, code: str) -> tuple[Entrant, Card]:
        """Raises NotFound where no entrant has this code."""
        found = [one for one in self.entrants if one.code and one.code == code]
        if not found:
            raise NotFound("no_such_entrant", _("没有这位候选人"))
        return found[0], next(card for card in self.cards() if card.code == code)

    def refusal(self, codes: Sequence[str]) -> str:
        voter = self.voter or VoterView(None, frozenset())
        return ballot_refusal(self.contest, self.entrants, voter, codes, self.now)


async def public_contest(
    slug: str, reader: Principal | None, ballot_box: BallotBox, now: datetime
) -> PublicContest:
    """Raises NotFound, for drafts too."""
    contest = await contests.public_contest(slug)
    return PublicContest(
        contest=contest,
        entrants=await entrants_of(contest.id),
        snapshot=await boards.snapshot(contest.id),
        voter=await _voter_view(contest, reader, ballot_box, now),
        now=now,
    )


async def _voter_view(
    contest: Contest, reader: Principal | None, ballot_box: BallotBox, now: datetime
) -> VoterView | None:
    if reader is None or not reader.has(Role.VOTER):
        return None
    voter = await voting.voter_quota(ballot_box.boxes, reader.account_id, contest, now)
    return VoterView(voter.left, voter.full, voter.used_up)
