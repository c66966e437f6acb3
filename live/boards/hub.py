"""Fan-out: one Redis subscription for each process, one slot for each socket that keeps the newest
frame only.

PostgreSQL holds the newest frame of every topic; Redis only announces it sooner. The hub looks into
PostgreSQL every few seconds for versions that were not announced to it, so a Redis that was
restarted, flushed or is absent costs seconds and never a board.
"""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from contest.editions import service as contests
from core.single_flight import SingleFlight
from core.web.private_uvicorn import WebSocketWriter
from live.boards import store
from live.boards.frames import Frame, Kind, Topic, frame

SECONDS_BETWEEN_LOOKS = 2.0
_ANNOUNCED_WITHIN = 0.5
# Sockets written to in one go: some ten milliseconds.
_SLICE = 1000
_CHANNEL = "live"
_log = structlog.get_logger("hub")


class Slot:
    """What one socket has still to be sent: at most one frame of each subject, the newest.

    A frame is written the moment it is offered. While the client has not taken what was
    written before, nothing is: it skips versions, and gets the newest once it has caught up.
    """

    def __init__(self, writer: WebSocketWriter) -> None:
        self._writer = writer
        self._waiting: dict[str, bytes] = {}
        writer.when_clear = self._send

    def offer(self, subject: str, frame: bytes) -> None:
        """Take a whole WebSocket frame, as `core.web.websocket_writer.wire` makes it."""
        self._waiting[subject] = frame
        self._send()

    def _send(self) -> None:
        while self._waiting and self._writer.is_clear:
            self._writer.write(self._waiting.pop(next(iter(self._waiting))))


class Hub:
    """The newest frames that this process knows, and the sockets that follow them."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._newest: dict[Topic, Frame] = {}
        self._slots: dict[Topic, set[Slot]] = {}
        self._boards: dict[str, Topic] = {}
        self._find_board = SingleFlight(_board_at)
        self._read = SingleFlight(store.read_frame)

    async def board_of(self, slug: str) -> Topic:
        """The board at a public address. Raises NotFound, also for a draft.

        Asked of PostgreSQL once: no contest becomes a draft again, and none changes its place.
        """
        if slug not in self._boards:
            self._boards[slug] = await self._find_board(slug)
        return self._boards[slug]

    async def newest(self, topic: Topic) -> Frame | None:
        """The newest frame; read from PostgreSQL when first asked for, then kept up."""
        if topic not in self._newest:
            found = await self._read(topic)
            if found is None:
                return None
            self.offer(topic, found)
        return self._newest[topic]

    @contextmanager
    def following(self, topics: Iterable[Topic], writer: WebSocketWriter) -> Iterator[Slot]:
        """A slot that receives what these topics have already and whatever comes."""
        slot = Slot(writer)
        followed = tuple(topics)
        for topic in followed:
            self._slots.setdefault(topic, set()).add(slot)
            if topic in self._newest:
                slot.offer(topic.kind, self._newest[topic].wire)
        try:
            yield slot
        finally:
            for topic in followed:
                self._slots[topic].discard(slot)
                if not self._slots[topic]:
                    del self._slots[topic]

    def offer(self, topic: Topic, new: Frame) -> None:
        """Take in a frame unless one as new is known; hand it to every follower."""
        known = self._newest.get(topic)
        if known is not None and known.version >= new.version:
            return
        self._newest[topic] = new
        self._hand_out(topic, new, iter(tuple(self._slots.get(topic, ()))))

    def _hand_out(self, topic: Topic, new: Frame, followers: Iterator[Slot]) -> None:
        """In slices, so that a vote does not wait until thousands are served. Who left
        meanwhile is closed; who is left when a newer frame comes gets that one."""
        if self._newest[topic] is not new:
            return
        frame, last = new.wire, None
        for last in islice(followers, _SLICE):
            last.offer(topic.kind, frame)
        if last is not None:
            asyncio.get_running_loop().call_soon(self._hand_out, topic, new, followers)

    async def look(self) -> None:
        """Fetch what is newer in PostgreSQL than what this process knows."""
        topics = set(self._newest) | set(self._slots)
        for topic, version in (await store.versions(topics)).items():
            known = self._newest.get(topic)
            if known is None or known.version < version:
                found = await store.read_frame(topic)
                if found is not None:
                    self.offer(topic, found)

    async def run(self) -> None:
        """Listen until cancelled, whatever happens to the engines."""
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as feed:
                    await feed.subscribe(_CHANNEL)
                    await self._listen(feed)
            except (RedisError, OSError) as error:
                _log.warning("feed_lost", error=str(error))
            await self._look_quietly()
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)

    async def _listen(self, feed: PubSub) -> None:
        clock = asyncio.get_running_loop().time
        look_at = clock()
        while True:
            if clock() >= look_at:
                await self._look_quietly()
                look_at = clock() + SECONDS_BETWEEN_LOOKS
            message = await feed.get_message(timeout=max(look_at - clock(), 0.01))
            if message is not None:
                topic, new = _unpacked(message["data"])
                self.offer(topic, new)

    async def _look_quietly(self) -> None:
        try:
            await self.look()
        except Exception as error:
            # PostgreSQL may be restarting; the next look is seconds away.
            _log.warning("look_failed", error=repr(error))


async def _board_at(slug: str) -> Topic:
    return Topic(Kind.BOARD, (await contests.public_contest(slug)).id)


async def announce(redis: Redis, topic: Topic, new: Frame) -> None:
    """Tell every process, after the commit. Redis away or at a standstill: their next look
    finds it, and the publisher does not wait."""
    try:
        async with asyncio.timeout(_ANNOUNCED_WITHIN):
            await redis.publish(_CHANNEL, _packed(topic, new))
    except (RedisError, OSError) as error:
        _log.warning("announcement_unheard", topic=str(topic), error=str(error))


def _packed(topic: Topic, new: Frame) -> bytes:
    return f"{topic.kind} {topic.contest_id} {new.version}\n".encode() + new.body


def _unpacked(message: bytes) -> tuple[Topic, Frame]:
    head, _newline, body = message.partition(b"\n")
    kind, contest_id, version = head.decode().split(" ")
    return Topic(Kind(kind), int(contest_id)), frame(int(version), body)
