"""One contest gathered for one reader."""

import httpx
import pytest

from accounts.people.rules import Role
from contest.editions.rules.contest import Phase
from core.problems import NotFound
from live.site.public_contest import PublicContest, public_contest
from tests.live.conftest import Hall
from tests.support.people import sign_in_as


async def gathered(hall: Hall, reader: object = None) -> PublicContest:
    box = hall.poll.ballot_box
    return await public_contest(hall.slug, reader, box, hall.clock.now())  # type: ignore[arg-type]


async def test_draft_and_unknown_contests_are_not_found(hall: Hall) -> None:
    await hall.set_phase(Phase.DRAFT)
    with pytest.raises(NotFound):
        await gathered(hall)


async def test_stranger_and_staff_have_no_standing_of_a_voter(
    client: httpx.AsyncClient, hall: Hall
) -> None:
    for reader in (None, await sign_in_as(client, Role.ORGANISER)):
        here = await gathered(hall, reader)
        assert (here.voter, here.view.voter_words) == (None, "")
        assert here.cards()[0].can_vote


async def test_voter_is_shown_what_is_left_and_whom_they_voted_for(
    client: httpx.AsyncClient, hall: Hall
) -> None:
    voter = await sign_in_as(client, Role.VOTER)
    await hall.vote(voter.account_id, "002")
    here = await gathered(hall, voter)
    assert here.view.voter_words == "今日还可投 9 票"
    assert here.refusal(["001"]) == ""


async def test_unknown_code_is_no_entrant(hall: Hall) -> None:
    here = await gathered(hall)
    assert here.entrant("002")[1].code == "002"
    for code in ("", "999", "2"):
        with pytest.raises(NotFound):
            here.entrant(code)


async def test_counts_are_the_boards_and_not_the_ballots(hall: Hall) -> None:
    """Until a board is published nobody sees a vote; that is what makes a freeze hold."""
    await hall.vote(1, "001")
    assert (await gathered(hall)).cards()[0].valid is None
    await hall.tick()
    assert (await gathered(hall)).cards()[0].valid == 1
