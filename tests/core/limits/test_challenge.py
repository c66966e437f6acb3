"""Challenges: right once, for one thing, in time; and what happens without Redis."""

import asyncio
import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from core.crypto import KeyRing, load_keys
from core.limits.challenge import (
    GUESSES,
    HARDEST,
    LIFETIME,
    Attempt,
    Challenge,
    Challenges,
    Purpose,
    attempt_in,
)
from tests.support.challenges import solution

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
KEYS = KeyRing(b"m" * 32, Ed25519PrivateKey.generate())


@pytest.fixture
def challenges(tmp_path: Path, redis: Redis) -> Challenges:
    return Challenges(load_keys(tmp_path), redis)


def solved(challenge: Challenge, **changes: Any) -> Attempt:
    return Attempt(solution=solution(challenge.puzzle, **changes))


async def test_solution_is_good_once_for_its_purpose_and_in_time(challenges: Challenges) -> None:
    own = solved(challenges.new(Purpose.VOTE, 1, NOW))
    assert not await challenges.passed(Purpose.SMS, own, "a", NOW)
    assert not await challenges.passed(Purpose.VOTE, own, "a", NOW + LIFETIME)
    assert await challenges.passed(Purpose.VOTE, own, "a", NOW)
    assert not await challenges.passed(Purpose.VOTE, own, "b", NOW)
    # the answer was lost, and the same ballot is sent again
    assert await challenges.passed(Purpose.VOTE, own, "a", NOW)


async def test_written_another_way_it_is_the_same_solution(challenges: Challenges) -> None:
    challenge = challenges.new(Purpose.VOTE, 1, NOW)
    own = solved(challenge)
    assert await challenges.passed(Purpose.VOTE, own, "a", NOW)
    document = json.loads(base64.b64decode(own.solution))
    for other in (dict(reversed(document.items())), document | {"more": 1}):
        again = Attempt(base64.b64encode(json.dumps(other, indent=1).encode()).decode())
        assert not await challenges.passed(Purpose.VOTE, again, "b", NOW)
    digits = challenges.digits_of(challenge.digits_token, NOW)
    assert digits is not None
    spoken = Attempt("", challenge.digits_token, digits)
    assert await challenges.passed(Purpose.VOTE, spoken, "a", NOW)
    twisted = Attempt("", "*" + challenge.digits_token, digits)
    assert not await challenges.passed(Purpose.VOTE, twisted, "b", NOW)


async def test_a_hundred_at_once_use_one_solution_once(challenges: Challenges) -> None:
    own = solved(challenges.new(Purpose.VOTE, 1, NOW))
    answers = await asyncio.gather(
        *(challenges.passed(Purpose.VOTE, own, f"ballot {n}", NOW) for n in range(100))
    )
    assert sum(answers) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"number": -1},
        {"number": "x"},
        {"signature": "0" * 64},
        {"challenge": "0" * 64},
        {"salt": "ff?expires=99999999999&for=vote&"},
        {"algorithm": "MD5"},
        {"salt": None},
    ],
)
async def test_what_was_tampered_with_is_wrong(
    challenges: Challenges, changes: dict[str, Any]
) -> None:
    bent = Attempt(solution=solution(challenges.new(Purpose.VOTE, 1, NOW).puzzle, **changes))
    assert not await challenges.passed(Purpose.VOTE, bent, "a", NOW)


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=20))
async def test_nonsense_is_wrong_and_breaks_nothing(typed: str, token: str, digits: str) -> None:
    challenges = Challenges(KEYS, Redis(unix_socket_path="/nonexistent"))
    attempt = Attempt(typed, token, digits)
    assert not await challenges.passed(Purpose.VOTE, attempt, "a", NOW)
    assert challenges.digits_of(token, NOW) is None


async def test_digits_are_good_once_and_guessed_a_few_times(challenges: Challenges) -> None:
    challenge = challenges.new(Purpose.SMS, 1, NOW)
    token = challenge.digits_token
    right = challenges.digits_of(token, NOW)
    assert right is not None
    assert challenges.digits_of(token, NOW + LIFETIME) is None
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    assert not await challenges.passed(Purpose.SMS, Attempt("", token, wrong), "a", NOW)
    assert not await challenges.passed(Purpose.VOTE, Attempt("", token, right), "a", NOW)
    typed = attempt_in({"digits_token": token, "digits": " ".join(right)})
    assert await challenges.passed(Purpose.SMS, typed, "a", NOW)
    assert not await challenges.passed(Purpose.SMS, typed, "b", NOW)


async def test_who_guesses_on_is_not_believed_any_more(challenges: Challenges) -> None:
    token = challenges.new(Purpose.SMS, 1, NOW).digits_token
    right = challenges.digits_of(token, NOW)
    assert right is not None
    for _guess in range(GUESSES):
        assert not await challenges.passed(Purpose.SMS, Attempt("", token, "x"), "a", NOW)
    assert not await challenges.passed(Purpose.SMS, Attempt("", token, right), "a", NOW)


async def test_without_redis_work_is_believed_and_digits_are_not(tmp_path: Path) -> None:
    async with Redis(unix_socket_path=str(tmp_path / "none")) as gone:
        challenges = Challenges(load_keys(tmp_path), gone)
        challenge = challenges.new(Purpose.VOTE, 1, NOW)
        assert await challenges.passed(Purpose.VOTE, solved(challenge), "a", NOW)
        digits = challenges.digits_of(challenge.digits_token, NOW)
        assert digits is not None
        spoken = Attempt("", challenge.digits_token, digits)
        assert not await challenges.passed(Purpose.VOTE, spoken, "a", NOW)


def test_each_step_is_harder_up_to_a_last_one(challenges: Challenges) -> None:
    sizes = [challenges.new(Purpose.VOTE, step, NOW).puzzle["maxNumber"] for step in range(1, 6)]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == HARDEST
    assert timedelta(minutes=1) < LIFETIME


@pytest.mark.parametrize("given", [{}, {"altcha": 5}, {"altcha": "x" * 5000}, {"digits": None}])
def test_what_is_no_text_is_as_good_as_absent(given: dict[str, object]) -> None:
    assert attempt_in(given) == Attempt()
