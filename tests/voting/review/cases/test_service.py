"""Cases on the real database: found once, dismissed or proposed once, never a void alone."""

from datetime import timedelta

import pytest
from redis.asyncio import Redis

from contest.editions.rules.contest import Phase
from core.audit import Actor
from core.crypto import KeyRing
from core.database import db
from core.problems import Conflict, Invalid, NotFound
from scoring.results.what_if import award_change
from tests.support import ballot_changes
from tests.support.fraud import BURST_AT, OPENED, Filled, fill
from tests.support.voting import Poll, open_poll, set_phase
from voting.casting import service
from voting.casting.service import Count
from voting.ledger.rules.sequences import parse
from voting.review.cases import service as cases
from voting.review.cases import ticker as fraud_ticker
from voting.review.changes import service as changes
from voting.review.changes.rules import Proposal

NOW = OPENED + timedelta(days=1, hours=15)
FIRST, SECOND = Actor(1, "甲"), Actor(2, "乙")

pytestmark = pytest.mark.usefixtures("pool")


async def burst_poll(keys: KeyRing, redis: Redis) -> tuple[Poll, Filled]:
    poll = await open_poll(keys, redis, OPENED)
    return poll, await fill(poll)


async def test_a_known_burst_becomes_one_case_that_voids_nothing(
    keys: KeyRing, redis: Redis
) -> None:
    poll, filled = await burst_poll(keys, redis)
    assert await cases.look(poll.contest, NOW) == 1
    (case,) = await cases.of_contest(poll.contest.id)
    assert case.entrant_id == poll.entrants["002"]
    assert case.first_at - BURST_AT < timedelta(minutes=1)
    assert "burst" in {one["detector"] for one in case.findings}
    ballots = await cases.ballots_of(case)
    assert set(filled.burst) <= set(ballots.countable)
    assert len(ballots.countable) < 1.15 * len(filled.burst)
    assert parse(ballots.all) == list(ballots.countable)
    counts = await service.tally(poll.contest.id)
    assert sum(one.void + one.under_review for one in counts.values()) == 0


async def test_looking_again_makes_no_second_case(keys: KeyRing, redis: Redis) -> None:
    poll, _filled = await burst_poll(keys, redis)
    assert await cases.look(poll.contest, NOW) == 1
    assert await cases.look(poll.contest, NOW + timedelta(minutes=15)) == 0
    (case,) = await cases.of_contest(poll.contest.id)
    await cases.dismiss(poll.contest, case.id, "核实过", FIRST, NOW)
    assert await cases.look(poll.contest, NOW + timedelta(minutes=30)) == 0


async def test_an_even_trickle_makes_no_case(keys: KeyRing, redis: Redis) -> None:
    poll = await open_poll(keys, redis, OPENED)
    await fill(poll, burst=False)
    assert await cases.look(poll.contest, NOW) == 0
    empty = await open_poll(keys, redis, OPENED)
    assert await cases.look(empty.contest, NOW) == 0


async def test_proposing_from_a_case_puts_its_ballots_under_review(
    keys: KeyRing, redis: Redis
) -> None:
    poll, filled = await burst_poll(keys, redis)
    await cases.look(poll.contest, NOW)
    (case,) = await cases.of_contest(poll.contest.id)
    void = await cases.propose(
        poll.contest, case.id, Proposal(tuple(filled.burst), "规", "由"), FIRST, NOW
    )
    case = await cases.get_case(poll.contest.id, case.id)
    assert (case.open, case.void, case.closed_by_name) == (False, void, "甲")
    held = (await service.tally(poll.contest.id))[poll.entrants["002"]]
    assert held.under_review == len(filled.burst)
    with pytest.raises(Conflict, match="甲"):
        await cases.dismiss(poll.contest, case.id, "不", SECOND, NOW)
    await ballot_changes.decide(
        poll.contest, void, approved=True, reason="", decider=SECOND, now=NOW
    )
    left = await cases.ballots_of(case)
    assert not set(left.countable) & set(filled.burst)


async def test_a_refused_proposal_leaves_the_case_open(keys: KeyRing, redis: Redis) -> None:
    poll, filled = await burst_poll(keys, redis)
    await cases.look(poll.contest, NOW)
    (case,) = await cases.of_contest(poll.contest.id)
    wrong = [*filled.burst, filled.size + 5]
    with pytest.raises(Invalid):
        await cases.propose(poll.contest, case.id, Proposal(tuple(wrong), "规", "由"), FIRST, NOW)
    case = await cases.get_case(poll.contest.id, case.id)
    assert case.open
    await cases.dismiss(poll.contest, case.id, "不", FIRST, NOW)
    with pytest.raises(Conflict):
        await cases.propose(
            poll.contest, case.id, Proposal(tuple(filled.burst), "规", "由"), FIRST, NOW
        )
    assert await changes.voids(poll.contest.id) == []


async def test_case_of_another_contest_is_not_found(keys: KeyRing, redis: Redis) -> None:
    poll, _filled = await burst_poll(keys, redis)
    await cases.look(poll.contest, NOW)
    (case,) = await cases.of_contest(poll.contest.id)
    with pytest.raises(NotFound):
        await cases.get_case(poll.contest.id + 1, case.id)


async def test_engine_answers_whether_ranks_would_move(keys: KeyRing, redis: Redis) -> None:
    poll, _filled = await burst_poll(keys, redis)
    await cases.look(poll.contest, NOW)
    (case,) = await cases.of_contest(poll.contest.id)
    counts = await service.tally(poll.contest.id)
    impact = (await cases.impacts_of(poll.contest, [case], award_change))[case.id]
    at_stake = {one.entrant: one for one in impact.entrants}
    left = {
        code: counts.get(id_, Count()).valid - (at_stake[id_].votes if id_ in at_stake else 0)
        for code, id_ in poll.entrants.items()
    }
    # the burst put 002 first; without it, it stands where the trickle left it
    assert counts[poll.entrants["002"]].valid == max(one.valid for one in counts.values())
    assert ("002" in impact.change.moved) == (max(left, key=lambda code: left[code]) != "002")
    assert impact.change.awards is False  # this rulebook gives none
    own = at_stake[poll.entrants["002"]]
    assert (own.with_them, own.without) == (1, 1 + sum(n > left["002"] for n in left.values()))
    assert own.first_at <= own.last_at


async def test_what_hangs_on_ballots_is_the_same_whether_they_count_now_or_not(
    keys: KeyRing, redis: Redis
) -> None:
    """As a case, proposed, void, restored in part and as a whole: the question is one."""
    poll, _filled = await burst_poll(keys, redis)
    contest = poll.contest
    await cases.look(contest, NOW)
    (case,) = await cases.of_contest(contest.id)
    before = (await cases.impacts_of(contest, [case], award_change))[case.id]
    ballots = (await cases.ballots_of(case)).countable
    void_id = await cases.propose(
        contest, case.id, Proposal(tuple(ballots), "规则", "理由"), FIRST, NOW
    )

    async def same() -> bool:
        void = await changes.get_void(contest.id, void_id)
        after = await changes.impact_of(contest, void, award_change)
        return after.entrants == before.entrants and after.change == before.change

    assert await same()
    await ballot_changes.decide(contest, void_id, approved=True, reason="", decider=SECOND, now=NOW)
    assert await same()
    for part in (ballots[:7], ballots[7:]):
        asked = await ballot_changes.propose_restoration(
            contest, void_id, part, "规", "由", FIRST, NOW
        )
        found = await changes.get_restoration(contest.id, asked)
        waiting = await changes.impact_of(contest, found, award_change)
        await ballot_changes.decide(
            contest, asked, approved=True, reason="", decider=SECOND, now=NOW
        )
        assert await same()
        assert await changes.impact_of(contest, found, award_change) == waiting


async def test_watch_looks_by_itself_and_not_at_an_unchanged_ledger(
    keys: KeyRing, redis: Redis
) -> None:
    poll, _filled = await burst_poll(keys, redis)
    watching = fraud_ticker.Watch()
    await watching.round(NOW, 7)
    assert len(await cases.of_contest(poll.contest.id)) == 1
    async with db.connection() as connection:
        before = await connection.fetchval("SELECT count(*) FROM fraud_case")
    await watching.round(NOW + timedelta(hours=1), 7)
    await set_phase(poll.contest, Phase.FINAL)
    await fraud_ticker.Watch().round(NOW, 7)
    async with db.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM fraud_case") == before
