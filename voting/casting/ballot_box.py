"""The ballot box: gathers requests while a commit is under way and commits them together.

A request that finds the box idle is committed at once. While one batch is written the next
already waits for the ledger, and those that arrive then form the one after. So a lone vote waits
for nobody, and a rush is carried by few large transactions. The answer is given after COMMIT,
never before.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable
from dataclasses import dataclass

import asyncpg
import structlog
from redis.asyncio import Redis

from contest.rulebooks.rules.vocabulary import Voting
from core.crypto import KeyRing
from core.database import db
from core.i18n import _
from core.problems import Unavailable
from voting.boxes.service import Box, Boxes
from voting.casting import store
from voting.casting.batch import Answer, Request, write_batch
from voting.casting.contest_cache import ContestCache
from voting.casting.precheck import Precheck
from voting.casting.rules.refusal import Reason, Refused

LARGEST_BATCH = 256
SMALLEST_HALF = 16
LONGEST_QUEUE = 2000
"""About half a second of work. Whoever comes later is told to try again instead of waiting."""

ANSWER_WITHIN = 10
_SECONDS_BETWEEN_SWEEPS = 0.25
WRITERS = 4
"""Connections that commits may hold at once, however many contests vote at the same time: a
slow commit leaves the rest of the pool to readers. A busy contest takes two, one of them for the
batch that waits for the ledger."""

_ENGINE_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
)
"""Errors that say nothing of the requests: the server is gone, stopping, or out of room."""

_log = structlog.get_logger("voting.casting.ballot_box")


@dataclass(slots=True)
class _Waiting:
    request: Request
    answer: "asyncio.Future[Answer]"
    deadline: float


class BallotBox:
    """One per process. Requests of one contest are committed in their order of arrival;
    only those of a batch that the database refused come after its successor."""

    def __init__(self, keys: KeyRing, redis: Redis) -> None:
        self.boxes = Boxes(keys)
        self.contests = ContestCache()
        self._precheck = Precheck(redis)
        self._queues: dict[int, _Queue] = {}
        self._writers = asyncio.Semaphore(WRITERS)

    def cast(self, box: Box, voting: Voting, request: Request) -> Awaitable[Answer]:
        """The answer to one request; an Accepted ballot is durable.

        Raises Unavailable when the queue is full, or when the outcome is not known: the
        same request may then be sent again, and its key sees to it that it counts once.
        """
        queue = self._queues.get(box.contest_id)
        if queue is None:
            queue = self._queues[box.contest_id] = _Queue(
                box, voting, self._precheck, self._writers
            )
        return queue.put(request)

    async def finish(self) -> None:
        """Wait for the commits under way and what is noted after them, before the pool and
        the Redis client are closed.

        When cancelled it gives up the commits that are stalled; a request that is sent again
        then gets the answer.
        """
        await asyncio.gather(*(queue.finish() for queue in self._queues.values()))


class _Queue:
    """The requests of one contest and the one task that commits them."""

    def __init__(
        self, box: Box, voting: Voting, precheck: Precheck, writers: asyncio.Semaphore
    ) -> None:
        self._box = box
        self._voting = voting
        self._precheck = precheck
        self._writers = writers
        self._waiting: deque[_Waiting] = deque()
        self._due: deque[_Waiting] = deque()
        self._sweep: asyncio.TimerHandle | None = None
        self._worker: asyncio.Task[None] | None = None
        self._carried: set[asyncio.Task[None]] = set()
        self._one_by_one = asyncio.Lock()

    def put(self, request: Request) -> Awaitable[Answer]:
        if len(self._waiting) >= LONGEST_QUEUE:
            raise Unavailable("busy", _("现在投票的人很多，请稍后再试"), retry_after=2)
        loop = asyncio.get_running_loop()
        waiting = _Waiting(request, loop.create_future(), loop.time() + ANSWER_WITHIN)
        self._waiting.append(waiting)
        self._due.append(waiting)
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        if self._sweep is None:
            self._sweep = loop.call_later(_SECONDS_BETWEEN_SWEEPS, self._tell_the_overdue)
        return waiting.answer

    def _tell_the_overdue(self) -> None:
        """Answer those who have waited too long. One timer serves all of them, since a timer for
        each request would cost as much as deciding it."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        while self._due and (self._due[0].answer.done() or self._due[0].deadline <= now):
            answer = self._due.popleft().answer
            if not answer.done():
                answer.set_exception(_outcome_unknown())
        self._sweep = None
        if self._due:
            self._sweep = loop.call_later(_SECONDS_BETWEEN_SWEEPS, self._tell_the_overdue)

    async def finish(self) -> None:
        # gathered, so that to cancel this is to cancel all of them
        while under_way := [
            one for one in (self._worker, *self._carried) if one is not None and not one.done()
        ]:
            await asyncio.gather(*under_way)
        if self._sweep is not None:
            self._sweep.cancel()
            self._sweep = None

    async def _work(self) -> None:
        """Commit batch after batch. While one batch has the ledger locked, the next is gathered,
        asks Redis, and waits for the lock in the database."""
        while self._waiting:
            await asyncio.sleep(0)  # requests that have already arrived join this batch
            batch = self._next_batch()
            if not batch:
                continue
            ledger_locked = asyncio.Event()
            carried = asyncio.create_task(self._carry(batch, ledger_locked))
            self._carried.add(carried)
            carried.add_done_callback(self._carried.discard)
            await ledger_locked.wait()
            async with self._one_by_one:
                pass  # a refused batch is tried one by one, without other batches in between

    def _next_batch(self) -> list[_Waiting]:
        """The older half of the waiting requests, without those that have been answered.

        If all went at once, their clients would send their next requests all at once too, and
        this process and the database would be busy in turns instead of side by side.
        """
        half = (len(self._waiting) + 1) // 2
        size = min(len(self._waiting), max(SMALLEST_HALF, half), LARGEST_BATCH)
        batch = (self._waiting.popleft() for _place in range(size))
        return [one for one in batch if not one.answer.done()]

    async def _carry(self, batch: list[_Waiting], ledger_locked: asyncio.Event) -> None:
        """See a batch through to its answers; where the database refuses it, one by one, so
        that a bad request fails alone. Where the database is away, trying each alone would
        only fail as often.

        The outcome of a failed COMMIT may be unknown: the keys of the ballots that did get
        through give their first answers.
        """
        prechecked = asyncio.create_task(self._past_the_precheck(batch))
        try:
            async with self._writers:
                await self._commit_or_one_by_one(prechecked, ledger_locked)
        except Exception as error:
            _log.error("batch_failed", size=len(batch), exc_info=error)
        finally:
            await asyncio.wait({prechecked})
            if not prechecked.cancelled():
                # else its error is reported as never retrieved when no transaction awaited it
                prechecked.exception()
            ledger_locked.set()
            for waiting in batch:
                if not waiting.answer.done():
                    waiting.answer.set_exception(_outcome_unknown())

    async def _past_the_precheck(self, batch: list[_Waiting]) -> list[_Waiting]:
        verdicts = await self._precheck.check(self._box.contest_id, [one.request for one in batch])
        for waiting, verdict in zip(batch, verdicts, strict=True):
            if verdict is not None:
                _tell(waiting, verdict)
        return [one for one, verdict in zip(batch, verdicts, strict=True) if verdict is None]

    async def _commit_or_one_by_one(
        self, prechecked: "asyncio.Task[list[_Waiting]]", ledger_locked: asyncio.Event
    ) -> None:
        try:
            await self._commit(prechecked, ledger_locked)
        except _ENGINE_AWAY:
            raise
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            batch = await prechecked
            _log.error("commit_failed", size=len(batch), exc_info=error)
            if len(batch) > 1:
                async with self._one_by_one:
                    await self._commit_each(batch, ledger_locked)

    async def _commit_each(self, batch: list[_Waiting], ledger_locked: asyncio.Event) -> None:
        for one in batch:
            try:
                await self._commit(_ready([one]), ledger_locked)
            except _ENGINE_AWAY:
                raise
            except (asyncpg.PostgresError, asyncpg.InterfaceError) as alone:
                _log.error("commit_failed", size=1, exc_info=alone)

    async def _commit(
        self, prechecked: Awaitable[list[_Waiting]], ledger_locked: asyncio.Event
    ) -> None:
        """One transaction. It is begun while Redis is still being asked."""
        async with db.unit_of_work() as tx:
            batch = await prechecked
            requests = [one.request for one in batch]
            answers: list[Answer] = []
            if batch:
                answers = await write_batch(
                    tx, self._box, self._voting, requests, when_locked=ledger_locked.set
                )
        for waiting, answer in zip(batch, answers, strict=True):
            _tell(waiting, answer)
        try:
            await self._remember(batch, answers)
        except Exception as error:
            # the answers are given; the next refusal only has to ask the database
            _log.warning("refusals_not_remembered", error=repr(error))

    async def _remember(self, batch: list[_Waiting], answers: list[Answer]) -> None:
        """Note in Redis who has no votes left; nobody waits for it."""
        used_up = [
            (waiting.request, answer)
            for waiting, answer in zip(batch, answers, strict=True)
            if isinstance(answer, Refused) and answer.reason is Reason.QUOTA_USED
        ]
        if used_up:
            keys = await store.keys_of(
                self._box.contest_id, {request.voter for request, _told in used_up}
            )
            await self._precheck.remember(
                self._box.contest_id,
                [
                    (request, told, keys.get(request.voter, frozenset()))
                    for request, told in used_up
                ],
            )


def _ready(batch: list[_Waiting]) -> "asyncio.Future[list[_Waiting]]":
    ready = asyncio.get_running_loop().create_future()
    ready.set_result(batch)
    return ready


def _tell(waiting: _Waiting, answer: Answer) -> None:
    if not waiting.answer.done():  # the client may have gone away meanwhile
        waiting.answer.set_result(answer)


def _outcome_unknown() -> Unavailable:
    return Unavailable(
        "outcome_unknown",
        _("暂时无法确认这一票是否计入，请稍后用同一页面重试；同一张选票不会计两次"),
        retry_after=2,
    )
