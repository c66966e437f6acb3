"""The advisory pre-check in Redis: it refuses some ballots early, and accepts none by itself.

Two things are kept, both of which may be lost at any moment: how often a voter tried
lately, and who has been told by the database that the day's votes are used up. The
pre-check fails open: without Redis every request goes to the database, which decides alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec
import structlog
from prometheus_client import Counter
from redis.asyncio import Redis
from redis.exceptions import RedisError

from voting.casting.batch import Request
from voting.casting.rules.refusal import Reason, Refused, refused

TRIES = 30
TRIES_SECONDS = 10
"""More tries than a person makes with ten votes a day, even where requests are repeated."""

_REMEMBERED_SECONDS = 26 * 3600
_ANSWER_WITHIN = 0.25
_REST_AFTER_FAILURE = 1.0
_LOOK_UP = """
local answers = {}
for i, key in ipairs(KEYS) do
    if i % 2 == 1 then
        local tries = redis.call('INCR', key)
        if tries == 1 then redis.call('EXPIRE', key, ARGV[1]) end
        answers[i] = tries
    else
        answers[i] = redis.call('GET', key) or ''
    end
end
return answers
"""
_failures = Counter("voting_gate_failures", "Batches that passed the gate unseen: Redis failed")
_log = structlog.get_logger("voting.casting.precheck")


class Precheck:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._look_up = redis.register_script(_LOOK_UP)
        self._rest_until = 0.0

    async def check(self, contest_id: int, requests: Sequence[Request]) -> list[Refused | None]:
        """For each request a refusal, or None where the database must decide.

        One question to Redis for the whole batch. A repeated request is always let
        through, since its first answer may have been a receipt.
        """
        keys = [
            name
            for one in requests
            for name in (_tries_key(contest_id, one.voter), _used_key(contest_id, one))
        ]
        answers = await self._ask(lambda: self._look_up(keys=keys, args=[TRIES_SECONDS]))
        if answers is None:
            return [None] * len(requests)
        return [
            _judge(request, tries, used)
            for request, tries, used in zip(requests, answers[::2], answers[1::2], strict=True)
        ]

    async def remember(
        self, contest_id: int, used_up: Sequence[tuple[Request, Refused, frozenset[bytes]]]
    ) -> None:
        """Note who was told that no votes are left, with the digests of the keys by which
        they were used: a repetition of one of those must still reach its first answer."""
        pipe = self._redis.pipeline(transaction=False)
        for request, told, keys in used_up:
            memory = _UsedUp(told.message, [key.hex() for key in keys])
            pipe.set(
                _used_key(contest_id, request),
                msgspec.json.encode(memory),
                ex=_REMEMBERED_SECONDS,
            )
        await self._ask(pipe.execute)

    async def _ask(self, question: Callable[[], Awaitable[Any]]) -> Any:
        """The answer, or None when Redis fails; it is then left alone for a moment."""
        now = asyncio.get_running_loop().time()
        if now < self._rest_until:
            return None
        try:
            async with asyncio.timeout(_ANSWER_WITHIN):
                return await question()
        except (RedisError, OSError, TimeoutError) as error:
            self._rest_until = now + _REST_AFTER_FAILURE
            _failures.inc()
            _log.warning("gate_failed_open", error=repr(error))
            return None


class _UsedUp(msgspec.Struct):
    """What is remembered of a voter without votes left; keys are digests in hex."""

    message: str
    keys: list[str]


def _judge(request: Request, tries: int, used: bytes) -> Refused | None:
    if tries > TRIES:
        return refused(Reason.TOO_FAST, retry_after=TRIES_SECONDS, seconds=TRIES_SECONDS)
    if used:
        try:
            memory = msgspec.json.decode(used, type=_UsedUp)
        except msgspec.MsgspecError:
            return None  # written by another version of this program: the database decides
        if request.key_digest.hex() not in memory.keys:
            return Refused(Reason.QUOTA_USED, memory.message)
    return None


def _tries_key(contest_id: int, voter: bytes) -> str:
    return f"vote:{{{contest_id}}}:tries:{voter.hex()}"


def _used_key(contest_id: int, request: Request) -> str:
    return f"vote:{{{contest_id}}}:used:{request.voter.hex()}:{request.day}"
