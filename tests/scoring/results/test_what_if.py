"""Would any award change: asked of the real engine, on the figures that are in."""

from datetime import UTC, datetime

import pytest
from redis.asyncio import Redis

from contest.editions.rules.contest import Phase
from contest.rulebooks.rules.rulebook import parse_rulebook
from core.crypto import KeyRing, load_keys
from scoring.engine.data import Entrant, ScoringData, VoteCount
from scoring.engine.sensitivity import vote_sensitivity
from scoring.results import certification
from scoring.results import store as store_certification
from scoring.results.store import Certified
from scoring.results.what_if import award_change
from tests.support.voting import Poll, open_poll, rulebook_text

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
AWARD = """
[[awards]]
id = "first"
name = "一等奖"
amount_fen = 100000
quota = 1
"""

pytestmark = pytest.mark.usefixtures("pool")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return load_keys(tmp_path_factory.mktemp("keys"))


async def voted(keys: KeyRing, redis: Redis) -> Poll:
    """Three for 001, two for 002, one for 003; the first wins."""
    poll = await open_poll(keys, redis, NOW, text=rulebook_text() + AWARD)
    for voter, code in enumerate(("001", "001", "001", "002", "002", "003"), start=1):
        await poll.cast(voter, code, key=f"ballot-{voter}", now=NOW)
    return poll


async def test_striking_enough_changes_the_award(keys: KeyRing, redis: Redis) -> None:
    poll = await voted(keys, redis)
    (found,) = await award_change(poll.contest, [({poll.entrants["001"]: -2}, {})])
    assert found.awards is True
    assert {"001", "002"} <= set(found.moved)


async def test_striking_little_or_nothing_changes_none(keys: KeyRing, redis: Redis) -> None:
    poll = await voted(keys, redis)
    nothing, few, back = await award_change(
        poll.contest,
        [({}, {}), ({poll.entrants["003"]: -1}, {}), ({}, {poll.entrants["002"]: 2})],
    )
    assert (nothing.awards, few.awards) == (False, False)
    assert back.awards is True, "votes that do not count now may be given back"


def test_more_struck_than_there_are_is_none_left() -> None:
    rulebook = parse_rulebook(rulebook_text() + AWARD)
    data = ScoringData(
        entrants=(Entrant("a", "A"), Entrant("b", "B")),
        votes=(VoteCount("a", 5, 0), VoteCount("b", 3, 0)),
    )
    (found,) = vote_sensitivity(rulebook, data, [({"a": -50}, {})])
    assert (found.awards_change, set(found.moved)) == (True, {"a", "b"})


async def test_a_result_must_be_certified_of_the_ledger_as_it_stands(
    keys: KeyRing, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A restoration while the result is announced asks for another certification."""
    poll = await voted(keys, redis)
    sizes = {"certified": 6}

    async def newest(_contest_id: int) -> Certified:
        return Certified(
            contest_id=poll.contest.id,
            version=1,
            result="",
            result_digest="",
            bundle="",
            ledger_size=sizes["certified"],
            ledger_root="",
            certified_by=("甲", "乙"),
            certified_at=NOW,
        )

    monkeypatch.setattr(store_certification, "newest", newest)
    assert await certification.phase_check(poll.contest, Phase.FINAL, NOW) == []
    sizes["certified"] = 5
    (blocker,) = await certification.phase_check(poll.contest, Phase.FINAL, NOW)
    assert blocker.code == "ledger_moved_on"
