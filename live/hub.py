"""Fan-out: one Redis subscription a process, one newest-wins slot a socket.

PostgreSQL holds the newest frame of every topic; Redis only says it sooner. The hub looks
into PostgreSQL every few seconds for versions it was not told of, so a restarted, flushed
or absent Redis costs seconds and never a board.
"""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from contest import service as contests
from core.outlet import Outlet
from live import store
from live.frames import Frame, Kind, Topic, frame

SECONDS_BETWEEN_LOOKS = 2.0
_SECONDS_BETWEEN_TRIES = 0.05
_CHANNEL = "live"
_log = structlog.get_logger("hub")


class Slot:
    """What one socket has still to send: at most one frame of each topic, the newest.

    A slow consumer skips versions; it never queues them. With an outlet a frame is written the
    moment it is offered, unless the client has not taken the one before; without one, and for
    such a client, `take` hands out what waits.
    """

    def __init__(self, outlet: Outlet | None = None) -> None:
        self._outlet = outlet
        self._frames: dict[Topic, Frame] = {}
        self._filled = asyncio.Event()

    def offer(self, topic: Topic, new: Frame) -> None:
        if self._outlet is not None and not self._frames and self._outlet.is_clear:
            self._outlet.write(new.wire)
            return
        self._frames[topic] = new
        self._filled.set()

    async def take(self) -> list[Frame]:
        """Wait for something to send, and empty the slot."""
        await self._filled.wait()
        if self._outlet is not None:
            await _cleared(self._outlet)
        self._filled.clear()
        frames = list(self._frames.values())
        self._frames.clear()
        return frames


async def _cleared(outlet: Outlet) -> None:
    """Until the client has taken what was written. Servers tell of a buffer that fills up,
    and of none that is empty again, so a slow client is looked at now and then."""
    await asyncio.sleep(0)  # what was written in this turn of the loop goes out at its end
    while not outlet.is_clear:  # noqa: ASYNC110 - there is no event to wait for
        await asyncio.sleep(_SECONDS_BETWEEN_TRIES)


class Hub:
    """The newest frames that this process knows, and the sockets that follow them."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._newest: dict[Topic, Frame] = {}
        self._slots: dict[Topic, set[Slot]] = {}
        self._boards: dict[str, Topic] = {}
        # after a restart every watcher comes back at once: one asks, the others wait for it
        self._asking = asyncio.Lock()

    async def board_of(self, slug: str) -> Topic:
        """The board at a public address. Raises NotFound, also for a draft.

        Asked of PostgreSQL once: no contest becomes a draft again, and none changes its place.
        """
        if slug not in self._boards:
            async with self._asking:
                if slug not in self._boards:
                    contest = await contests.public_contest(slug)
                    self._boards[slug] = Topic(Kind.BOARD, contest.id)
        return self._boards[slug]

    async def newest(self, topic: Topic) -> Frame | None:
        """The newest frame; read from PostgreSQL when first asked for, then kept up."""
        if topic not in self._newest:
            async with self._asking:
                if topic not in self._newest:
                    found = await store.read_frame(topic)
                    if found is None:
                        return None
                    self.offer(topic, found)
        return self._newest[topic]

    @contextmanager
    def following(self, topics: Iterable[Topic], outlet: Outlet | None = None) -> Iterator[Slot]:
        """A slot that receives what these topics have already and whatever comes."""
        slot = Slot(outlet)
        followed = tuple(topics)
        for topic in followed:
            self._slots.setdefault(topic, set()).add(slot)
            if topic in self._newest:
                slot.offer(topic, self._newest[topic])
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
        for slot in self._slots.get(topic, ()):
            slot.offer(topic, new)

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


async def announce(redis: Redis, topic: Topic, new: Frame) -> None:
    """Tell every process, after the commit. Redis away: their next look finds it."""
    try:
        await redis.publish(_CHANNEL, _packed(topic, new))
    except (RedisError, OSError) as error:
        _log.warning("announcement_unheard", topic=str(topic), error=str(error))


def _packed(topic: Topic, new: Frame) -> bytes:
    return f"{topic.kind} {topic.contest_id} {new.version}\n".encode() + new.body


def _unpacked(message: bytes) -> tuple[Topic, Frame]:
    head, _newline, body = message.partition(b"\n")
    kind, contest_id, version = head.decode().split(" ")
    return Topic(Kind(kind), int(contest_id)), frame(int(version), body)
