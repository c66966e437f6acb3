"""Any sequence of ballots, restarts and losses of memory against a model of the rules.

The model is written anew from the rulebook's words, without a line of `voting.rules`.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import inf
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from redis.asyncio import Redis

from core.beijing import beijing_day
from core.crypto import KeyRing
from tests.support.eventually import PATIENCE
from tests.support.voting import Poll, open_poll, rulebook_text
from voting.casting import precheck, service
from voting.casting.ballot_box import BallotBox
from voting.casting.rules.refusal import Reason, Refused
from voting.casting.service import Accepted, Answer

pytestmark = pytest.mark.usefixtures("pool")

OPENED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PER_DAY, PER_CONTEST, PER_ENTRY = 3, 5, 1
DAYS = 3  # voting goes on for longer
CODES, UNKNOWN = ("001", "002", "003"), "009"
VOTERS = st.integers(1, 3)
KEYS = st.sampled_from([f"model-key-{n}" for n in range(6)])
BALLOTS = st.lists(st.sampled_from([*CODES, UNKNOWN]), min_size=1, max_size=2, unique=True)
Result = TypeVar("Result")


@dataclass(frozen=True)
class Cast:
    voter: int
    codes: tuple[str, ...]
    key: str


@dataclass
class Model:
    """What was accepted, in the ledger's order, and what follows from it."""

    accepted: list[tuple[Cast, date]] = field(default_factory=list)
    withdrawn: set[str] = field(default_factory=set)

    def verdict(self, cast: Cast, today: date) -> Reason | None:
        """Why the ballot must be refused; None where it, or its repetition, is accepted."""
        for first, _day in self.accepted:
            if first.key == cast.key:
                if first.voter != cast.voter:
                    return Reason.KEY_FOREIGN
                return None if first.codes == cast.codes else Reason.KEY_REUSED
        if UNKNOWN in cast.codes:
            return Reason.UNKNOWN_ENTRY
        if self.withdrawn & set(cast.codes):
            return Reason.WITHDRAWN_ENTRY
        own = [(one.codes, day) for one, day in self.accepted if one.voter == cast.voter]
        of_today = [code for codes, day in own if day == today for code in codes]
        for used, quota in (
            (sum(len(codes) for codes, _day in own), PER_CONTEST),
            (len(of_today), PER_DAY),
        ):
            if used + len(cast.codes) > quota:
                return Reason.QUOTA_USED if used == quota else Reason.QUOTA_SHORT
        if any(of_today.count(code) >= PER_ENTRY for code in cast.codes):
            return Reason.ALREADY_VOTED
        return None

    def place_of(self, key: str) -> int:
        """The sequence number of the ballot accepted under a key; 0 for none."""
        places = [n for n, (cast, _day) in enumerate(self.accepted, 1) if cast.key == key]
        return places[0] if places else 0

    def votes(self, code: str) -> int:
        return sum(code in cast.codes for cast, _day in self.accepted)


class BallotBoxMachine(RuleBasedStateMachine):
    """Two ballot boxes, as of two processes, on one contest."""

    loop: asyncio.AbstractEventLoop
    keys: KeyRing
    redis: Redis

    def __init__(self) -> None:
        super().__init__()
        text = rulebook_text(
            per_day=PER_DAY, per_contest=PER_CONTEST, per_entry=PER_ENTRY, entries=(1, 2)
        )
        self.model, self.now, self.fresh = Model(), OPENED, 0
        self.told_used_up: set[tuple[int, date]] = set()
        self.polls = [self.wait(open_poll(self.keys, self.redis, OPENED, text=text))]
        self.polls.append(self.another())

    def wait(self, work: Awaitable[Result]) -> Result:
        async def waited() -> Result:
            return await work

        return asyncio.run_coroutine_threadsafe(waited(), self.loop).result(PATIENCE)

    def another(self) -> Poll:
        first = self.polls[0]
        return Poll(first.contest, BallotBox(self.keys, self.redis), first.entrants)

    @property
    def today(self) -> date:
        return beijing_day(self.now)

    @rule(place=st.integers(0, 1), voter=VOTERS, codes=BALLOTS, key=KEYS)
    def cast(self, place: int, voter: int, codes: list[str], key: str) -> None:
        cast = Cast(voter, tuple(sorted(codes)), key)
        answer = self.wait(
            self.polls[place].cast(voter, *reversed(cast.codes), key=key, now=self.now)
        )
        self.check(cast, answer, self.model.verdict(cast, self.today))

    @rule(
        wave=st.lists(st.tuples(VOTERS, BALLOTS), min_size=2, max_size=6), times=st.integers(1, 3)
    )
    def cast_at_once(self, wave: list[tuple[int, list[str]]], times: int) -> None:
        """In whatever order they are decided, each acceptance is right after those before it;
        whoever did not wait and sent the same again has the one receipt."""
        casts = []
        for voter, codes in wave:
            self.fresh += 1
            casts += [Cast(voter, tuple(sorted(codes)), f"model-fresh-{self.fresh}")] * times

        async def all_at_once() -> list[Answer]:
            return await asyncio.gather(
                *(
                    self.polls[n % 2].cast(one.voter, *one.codes, key=one.key, now=self.now)
                    for n, one in enumerate(casts)
                )
            )

        answers = zip(casts, self.wait(all_at_once()), strict=True)
        refused: list[tuple[Cast, Refused]] = []
        for cast, answer in sorted(answers, key=lambda pair: _order(pair[1])):
            if isinstance(answer, Accepted):
                self.check(cast, answer, self.model.verdict(cast, self.today))
            elif isinstance(answer, Refused):
                refused.append((cast, answer))
        for cast, answer in refused:
            # what was too much at some point is too much at the end, if for another reason
            assert self.model.verdict(cast, self.today) is not None, (cast, answer)
            self.remember(cast, answer)

    def check(self, cast: Cast, answer: Answer, verdict: Reason | None) -> None:
        if isinstance(answer, Refused):
            allowed = {verdict}
            if (cast.voter, self.today) in self.told_used_up:
                allowed.add(Reason.QUOTA_USED)  # Redis may know it before the rest is looked at
            assert answer.reason in allowed, (cast, answer, verdict)
            self.remember(cast, answer)
            return
        assert verdict is None, (cast, answer, verdict)
        first = self.model.place_of(cast.key)
        if not first:
            self.model.accepted.append((cast, self.today))
        assert answer.repeated == bool(first)
        assert answer.sequence == (first or len(self.model.accepted))
        assert answer.day == self.model.accepted[answer.sequence - 1][1]

    def remember(self, cast: Cast, answer: Refused) -> None:
        if answer.reason is Reason.QUOTA_USED:
            self.told_used_up.add((cast.voter, self.today))

    @precondition(lambda self: self.now < OPENED + timedelta(days=DAYS))
    @rule()
    def sleep_a_night(self) -> None:
        self.now += timedelta(days=1)

    @rule()
    def lose_redis_memory(self) -> None:
        self.wait(self.redis.flushall())

    @rule()
    def restart_a_process(self) -> None:
        self.polls[1] = self.another()

    @precondition(lambda self: not self.model.withdrawn)
    @rule(code=st.sampled_from(CODES))
    def withdraw(self, code: str) -> None:
        self.wait(self.polls[0].withdraw(code))
        self.model.withdrawn.add(code)

    @invariant()
    def ledger_and_tally_are_the_models(self) -> None:
        poll = self.polls[0]
        assert self.wait(poll.ledger()) == list(range(1, len(self.model.accepted) + 1))
        tally = self.wait(service.tally(poll.contest.id))
        for code, entrant in poll.entrants.items():
            kept = tally[entrant].valid if entrant in tally else 0
            assert kept == self.model.votes(code), code


def _order(answer: Answer) -> tuple[float, bool]:
    """First by the ledger, and of one ballot's answers the first."""
    return (answer.sequence, answer.repeated) if isinstance(answer, Accepted) else (inf, False)


async def test_whatever_happens_the_box_answers_as_the_model(
    keys: KeyRing, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        precheck, "TRIES", 10**6
    )  # ten seconds of the machine are days of the model

    class Machine(BallotBoxMachine):
        loop = asyncio.get_running_loop()

    Machine.keys, Machine.redis = keys, redis
    chosen = settings(
        max_examples=60,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    await asyncio.to_thread(run_state_machine_as_test, Machine, settings=chosen)
