"""Clients that vote without a pause and retry until each ballot has its answer.

They run on an event loop in a thread of its own, while the main thread breaks things.
"""

import asyncio
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator

from lab.bench.poll import SLUG, token_of
from lab.fault.connection import Answer, Connection
from lab.fault.intents import Intent

_PATIENCE = 90
_AGAIN = frozenset({429, 500, 502, 503, 504})
_LONGEST_PAUSE = 1.0


class NeverAnswered(RuntimeError):
    """Clients still wait for an answer long after everything runs again."""


class Load:
    """`sent` is every intent so far in the order of its first sending; an intent is changed
    by its client alone, and read by others while the load is paused."""

    def __init__(self, port: int, csrf: str, wanted: Iterator[Intent], clients: int) -> None:
        self.sent: list[Intent] = []
        self.statuses: Counter[str] = Counter()
        self.retries = 0
        self._port = port
        self._csrf = csrf
        self._wanted = wanted
        self._clients = clients
        self._busy = 0
        self._stopping = False
        self._loop = asyncio.new_event_loop()
        self._open = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="fault-load", daemon=True)
        self._thread.start()

    def resume(self) -> None:
        self._loop.call_soon_threadsafe(self._open.set)

    def pause(self) -> None:
        """Let no new ballot begin, and wait until each one under way has its answer.

        Raises NeverAnswered.
        """
        self._loop.call_soon_threadsafe(self._open.clear)
        deadline = time.monotonic() + _PATIENCE
        time.sleep(0.05)
        while self._busy:
            if time.monotonic() > deadline:
                raise NeverAnswered(f"{self._busy} clients wait since {_PATIENCE} s")
            time.sleep(0.02)

    def stop(self) -> None:
        self._stopping = True
        self.resume()
        self._thread.join(_PATIENCE)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._all())
        self._loop.close()

    async def _all(self) -> None:
        await asyncio.gather(*(self._client() for _client in range(self._clients)))

    async def _client(self) -> None:
        connection = Connection(self._port)
        while True:
            await self._open.wait()
            if self._stopping:
                break
            intent = next(self._wanted)
            self.sent.append(intent)
            self._busy += 1
            try:
                await self._until_answered(connection, intent)
            finally:
                self._busy -= 1
        connection.close()

    async def _until_answered(self, connection: Connection, intent: Intent) -> None:
        request = self._request(intent)
        while not self._stopping:
            try:
                answer = await connection.send(request)
            except (OSError, EOFError, asyncio.IncompleteReadError, TimeoutError) as error:
                self.statuses[type(error).__name__] += 1
                await asyncio.sleep(random.uniform(0.05, 0.3))  # noqa: S311 - jitter
            else:
                self.statuses[str(answer.status)] += 1
                if answer.status not in _AGAIN:
                    _note(intent, answer)
                    return
                await asyncio.sleep(min(answer.retry_after or 0.2, _LONGEST_PAUSE))
            self.retries += 1

    def _request(self, intent: Intent) -> bytes:
        body = json.dumps({"entries": [intent.entry], "idempotency_key": intent.key}).encode()
        prefix = intent.voter // 250 % 250, intent.voter % 250
        return (
            f"POST /c/{SLUG}/votes HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"X-CSRFToken: {self._csrf}\r\n"
            f"Cookie: csrftoken={self._csrf}; sid={token_of(intent.voter)}\r\n"
            f"X-Forwarded-For: 10.{prefix[0]}.{prefix[1]}.7\r\n\r\n"
        ).encode() + body


def _note(intent: Intent, answer: Answer) -> None:
    document = json.loads(answer.body)
    if answer.status == 201:
        intent.receipt, intent.sequence = document["receipt"], document["sequence"]
    else:
        intent.refusal = document["code"]
