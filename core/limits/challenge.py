"""Challenges: a puzzle that costs the browser some work, or spoken digits to type.

The puzzle is ALTCHA's (version 1: find the number whose SHA-256 with a salt is given), which
the browser solves by itself in a worker. Who has no script, or cannot wait, listens to six
digits instead. Either is good once, for one purpose, and for a few minutes.

Nothing is stored before a solution arrives: a challenge carries its own signature, and Redis
records the ones that were used. Without Redis a solution is accepted unrecorded (counted as
failed_open), since the work was done and other limits remain. Digits are then refused
(failed_closed), as nothing else counts the guesses.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import structlog
from altcha.v1 import ChallengeOptions, create_challenge, verify_solution
from prometheus_client import Counter
from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.crypto import KeyRing, SealBrokenError
from core.i18n import _
from core.problems import FieldError, Problem
from core.value import Value

LIFETIME = timedelta(minutes=10)
DIGITS = 6
GUESSES = 5
_LONGEST_FIELD = 2000
_HARDEST_NUMBERS = (50_000, 200_000, 800_000)
"""The largest number of each step: half of it is tried on average. A phone of 2018 tries about
150,000 a second, so that the hardest step takes it three seconds, and six at the worst."""

HARDEST = len(_HARDEST_NUMBERS)
_SEALED = "challenge.digits"
_outcomes = Counter(
    "shibaiqian_challenge",
    "Answers to challenges: passed, wrong, used, expired, failed_open or failed_closed",
    ["purpose", "kind", "outcome"],
)
_log = structlog.get_logger("challenge")


class Purpose(StrEnum):
    SMS = "sms"
    VOTE = "vote"


@dataclass(frozen=True)
class Challenge:
    """What a page shows: ALTCHA's own document, and the token of the spoken digits."""

    puzzle: dict[str, Any]
    digits_token: str

    @property
    def puzzle_json(self) -> str:
        return json.dumps(self.puzzle)


class ChallengeNeeded(Problem):
    """The request may be sent again with an answer to `challenge`; nothing was done yet.

    The message says so when digits were typed and were wrong.
    """

    status = 403

    def __init__(self, message: str, challenge: Challenge, attempt: "Attempt") -> None:
        wrong = _("听到的数字不对，或已经过期。换了一组新的，请再听一遍")
        misheard = bool(attempt.digits) and not attempt.solution
        errors = [FieldError("digits", wrong)] if misheard else []
        super().__init__("challenge_needed", message, errors=errors)
        self.challenge = challenge
        self.more = {
            "challenge": challenge.puzzle,
            "digits_token": challenge.digits_token,
        }


class Attempt(Value, frozen=True):
    """The answer to a challenge: the solution of the puzzle as ALTCHA writes it, or typed
    digits."""

    solution: str = ""
    digits_token: str = ""
    digits: str = ""


NO_ATTEMPT = Attempt()


class Challenges:
    """Makes and checks challenges; each process accepts those that another one made."""

    def __init__(self, keys: KeyRing, redis: "Redis") -> None:
        self._keys = keys
        self._redis = redis
        self._key = keys.derived("altcha").hex()

    def new(self, purpose: Purpose, step: int, now: datetime) -> Challenge:
        """`step` is from 1 to HARDEST; beyond it stays as hard as that."""
        expires = now + LIFETIME
        options = ChallengeOptions(
            algorithm="SHA-256",
            max_number=_HARDEST_NUMBERS[min(step, HARDEST) - 1],
            hmac_key=self._key,
            expires=expires,
            params={"for": purpose.value},
        )
        code = "".join(str(secrets.randbelow(10)) for _digit in range(DIGITS))
        sealed = self._keys.seal(_SEALED, f"{purpose} {int(expires.timestamp())} {code}")
        token = base64.urlsafe_b64encode(sealed).decode()
        return Challenge(create_challenge(options).to_dict(), token)

    def digits_of(self, token: str, now: datetime) -> str | None:
        """The digits to be spoken; None for a token that is none, or too old."""
        return self._opened(token, now)[1]

    async def passed(self, purpose: Purpose, attempt: Attempt, use: str, now: datetime) -> bool:
        """Whether the attempt is right, in time and not used before.

        `use` names what it is used for: the same thing sent again, as after a lost answer,
        may bring the same attempt.
        """
        if attempt == NO_ATTEMPT:
            return False
        if attempt.solution:
            kind, (outcome, name) = "puzzle", self._judge_solution(purpose, attempt.solution, now)
        else:
            kind, (outcome, name) = "digits", await self._judge_digits(purpose, attempt, now)
        if outcome == "passed":
            outcome = await self._used_up(kind, name, use)
        _outcomes.labels(purpose.value, kind, outcome).inc()
        return outcome in ("passed", "failed_open")

    def _judge_solution(self, purpose: Purpose, solution: str, now: datetime) -> tuple[str, str]:
        """The outcome, and what names this challenge however the solution is written down."""
        try:
            payload = json.loads(base64.b64decode(solution, validate=True))
            if not verify_solution(payload, self._key, check_expires=False)[0]:
                return "wrong", ""
            told = dict(
                pair.split("=", 1) for pair in payload["salt"].partition("?")[2].split("&") if pair
            )
            if told["for"] != purpose:
                return "wrong", ""
            in_time = now.timestamp() < int(told["expires"])
            return ("passed" if in_time else "expired"), payload["challenge"]
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return "wrong", ""

    async def _judge_digits(
        self, purpose: Purpose, attempt: Attempt, now: datetime
    ) -> tuple[str, str]:
        meant, digits, name = self._opened(attempt.digits_token, now)
        if digits is None or meant != purpose:
            return "expired", name
        guesses_name = f"challenge:guesses:{_short(name)}"
        try:
            pipe = self._redis.pipeline()
            pipe.incr(guesses_name)
            pipe.expire(guesses_name, int(LIFETIME.total_seconds()))
            guesses, _expiring = await pipe.execute()
        except (RedisError, OSError) as error:
            _log.warning("digits_refused", error=repr(error))
            return "failed_closed", name
        if guesses > GUESSES:
            return "used", name
        right = hmac.compare_digest(digits.encode(), attempt.digits.encode())
        return ("passed" if right else "wrong"), name

    async def _used_up(self, kind: str, name: str, use: str) -> str:
        """Mark it as used for `use`; whether it was used for something else before."""
        key = f"challenge:{kind}:{_short(name)}"
        try:
            before = await self._redis.set(
                key, _short(use), nx=True, get=True, ex=2 * int(LIFETIME.total_seconds())
            )
        except (RedisError, OSError) as error:
            _log.warning("solution_not_remembered", error=repr(error))
            return "failed_open" if kind == "puzzle" else "failed_closed"
        return "passed" if before in (None, _short(use).encode()) else "used"

    def _opened(self, token: str, now: datetime) -> tuple[str, str | None, str]:
        """Purpose, digits (None where there are none, or too old), and a name for the token
        however it is written down."""
        try:
            sealed = base64.urlsafe_b64decode(token.encode("ascii"))
            purpose, expires, digits = self._keys.unseal(_SEALED, sealed).split(" ")
        except (SealBrokenError, ValueError):
            return "", None, ""
        return purpose, digits if now.timestamp() < int(expires) else None, sealed.hex()


def attempt_in(fields: Mapping[str, Any]) -> Attempt:
    """Fields `altcha`, `digits_token` and `digits` of a form or of a JSON object; what is no
    text, or far too long, is as good as absent. Digits may be typed with spaces between."""
    solution, token, digits = (fields.get(name) for name in ("altcha", "digits_token", "digits"))
    return Attempt(_text(solution), _text(token), _text(digits).replace(" ", ""))


def _text(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= _LONGEST_FIELD else ""


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
