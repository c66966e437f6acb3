"""Signals: written beside the ballots, lost rather than in the way, purged when due."""

from datetime import UTC, date, datetime, timedelta

import asyncpg
import httpx
import pytest
from prometheus_client import REGISTRY
from redis.asyncio import Redis

from accounts.people.rules import Role
from core import audit
from core.clock import SettableClock
from core.crypto import KeyRing
from core.database import db
from tests.support.people import post_form, runtime_of, send_json, sign_in_as, state_of
from tests.support.voting import Poll, open_poll, rulebook_text
from voting.review.cases.ticker import Watch
from voting.signals import service as signals
from voting.signals import store as store_signals
from voting.signals.rules.signal import Seen
from voting.signals.service import SignalRecorder
from voting.signals.web import BROWSER_COOKIE

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def seen(poll: Poll, sequence: int) -> Seen:
    return Seen(poll.contest.id, sequence, 1, NOW, "203.0.113.7", "device", "MicroMessenger")


def lost(why: str) -> float:
    return REGISTRY.get_sample_value("voting_signals_lost_total", {"why": why}) or 0.0


@pytest.fixture
async def poll(client: httpx.AsyncClient, redis: Redis) -> Poll:
    """`client` has opened the pool already."""
    runtime = runtime_of(client)
    text = rulebook_text(per_day=3, per_entry=1)
    return await open_poll(runtime.keys, redis, runtime.clock.now(), text=text)


def recorder_of(client: httpx.AsyncClient) -> SignalRecorder:
    recorder = state_of(client).signals
    assert isinstance(recorder, SignalRecorder)
    return recorder


async def vote(client: httpx.AsyncClient, poll: Poll, code: str, key: str) -> httpx.Response:
    body = {"entries": [code], "idempotency_key": key}
    return await send_json(client, "POST", f"/c/{poll.contest.slug}/votes", body)


async def rows(poll: Poll) -> list[asyncpg.Record]:
    async with db.connection() as connection:
        found: list[asyncpg.Record] = await connection.fetch(
            "SELECT * FROM ballot_signal WHERE contest_id = $1 ORDER BY sequence", poll.contest.id
        )
    return found


async def test_each_ballot_gets_its_signals_and_a_repetition_none(
    client: httpx.AsyncClient, poll: Poll
) -> None:
    await sign_in_as(client, Role.VOTER)
    first = await vote(client, poll, "001", "signal-key-1")
    assert "HttpOnly" in first.headers["set-cookie"]
    device = client.cookies[BROWSER_COOKIE]
    await vote(client, poll, "001", "signal-key-1")
    await vote(client, poll, "002", "signal-key-2")
    assert client.cookies[BROWSER_COOKIE] == device
    await sign_in_as(client, Role.VOTER)
    await vote(client, poll, "001", "signal-key-3")
    await recorder_of(client).flush()
    kept = await rows(poll)
    assert [row["sequence"] for row in kept] == [1, 2, 3]
    assert len({row["device"] for row in kept}) == 1
    assert device.encode() not in kept[0]["device"]
    assert [row["account_minutes"] for row in kept] == [0, 0, 0]
    assert kept[0]["agent"] == "program"


async def test_a_cookie_of_another_shape_is_replaced(client: httpx.AsyncClient, poll: Poll) -> None:
    await sign_in_as(client, Role.VOTER)
    client.cookies.set(BROWSER_COOKIE, "x" * 500)
    answer = await vote(client, poll, "001", "signal-key-9")
    assert answer.status_code == 201
    assert len(answer.cookies[BROWSER_COOKIE]) == 22


async def test_ballots_by_form_have_their_signals_too(
    client: httpx.AsyncClient, poll: Poll
) -> None:
    await sign_in_as(client, Role.VOTER)
    fields = {"entries": "001", "idempotency_key": "signal-key-10"}
    answer = await post_form(client, f"/c/{poll.contest.slug}/votes", fields)
    assert (answer.status_code, len(client.cookies[BROWSER_COOKIE])) == (303, 22)
    await vote(client, poll, "002", "signal-key-11")
    await recorder_of(client).flush()
    kept = await rows(poll)
    assert len(kept) == 2
    assert len({(row["device"], row["prefix"], row["agent"]) for row in kept}) == 1


async def test_no_vote_notices_when_signals_cannot_be_noted(
    client: httpx.AsyncClient, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_recorder: SignalRecorder, _seen: Seen) -> None:
        raise ValueError("odd request")

    before = lost("not_noted")
    monkeypatch.setattr(SignalRecorder, "note", broken)
    await sign_in_as(client, Role.VOTER)
    assert (await vote(client, poll, "001", "signal-key-12")).status_code == 201
    assert lost("not_noted") == before + 1


async def test_no_vote_notices_when_signals_cannot_be_written(
    client: httpx.AsyncClient, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_signals: object) -> None:
        raise OSError("no database")

    before = lost("not_written")
    monkeypatch.setattr(store_signals, "add", broken)
    await sign_in_as(client, Role.VOTER)
    assert (await vote(client, poll, "001", "signal-key-7")).status_code == 201
    await recorder_of(client).flush()
    assert lost("not_written") == before + 1
    assert await rows(poll) == []


async def test_a_full_queue_drops_and_counts(poll: Poll, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "LONGEST_QUEUE", 2)
    recorder = SignalRecorder(poll.ballot_box.boxes)
    before = lost("queue_full")
    for sequence in range(1, 6):
        recorder.note(seen(poll, sequence))
    assert lost("queue_full") == before + 3


@pytest.mark.parametrize(
    ("waiting", "seconds"),
    [
        (0, signals.SECONDS_BETWEEN_WRITES),
        (signals.LARGEST_BATCH - 1, signals.SECONDS_BETWEEN_WRITES),
        (signals.LARGEST_BATCH, signals.SECONDS_BETWEEN_BATCHES),
        (signals.LONGEST_QUEUE // 2 - 1, signals.SECONDS_BETWEEN_BATCHES),
        (signals.LONGEST_QUEUE // 2, 0),
    ],
)
def test_a_rush_is_written_bit_by_bit_and_a_long_queue_at_once(
    waiting: int, seconds: float
) -> None:
    assert signals.pause(waiting) == seconds


async def test_what_was_noted_is_written_when_the_server_stops(
    client: httpx.AsyncClient, poll: Poll
) -> None:
    await poll.cast(1, "001", key="signal-key-8", now=NOW)
    recorder = SignalRecorder(poll.ballot_box.boxes)
    for sequence in range(1, 4501):
        recorder.note(seen(poll, sequence))
    await recorder.flush()
    assert await store_signals.count(poll.contest.id) == 4500


async def test_app_may_purge_signals_and_not_change_them(poll: Poll) -> None:
    async with db.connection() as connection:
        for statement in (
            "UPDATE ballot_signal SET agent = 'phone'",
            "TRUNCATE ballot_signal",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
        await connection.execute("DELETE FROM ballot_signal WHERE contest_id = 0")


async def test_watch_purges_on_the_day_and_the_audit_log_tells_it(
    client: httpx.AsyncClient, poll: Poll, keys: KeyRing, clock: SettableClock
) -> None:
    await poll.cast(1, "001", key="signal-key-5", now=NOW)
    recorder = SignalRecorder(poll.ballot_box.boxes)
    recorder.note(seen(poll, 1))
    await recorder.flush()
    async with db.connection() as connection:
        await connection.execute(
            "UPDATE contest SET phase = 'final', notice_ends_on = $2 WHERE id = $1",
            poll.contest.id,
            date(2026, 3, 20),
        )
    due = datetime(2026, 3, 27, 16, tzinfo=UTC)
    watch = Watch()
    await watch.round(due - timedelta(seconds=1), 7)
    assert await store_signals.count(poll.contest.id) == 1
    await watch.round(due, 7)
    assert await store_signals.count(poll.contest.id) == 0
    told = await audit.entries_about("contest", poll.contest.id)
    assert [one["action"] for one in told if one["action"] == "signals.purged"] == [
        "signals.purged"
    ]
    await watch.round(due, 7)  # nothing left: no further entry
    told = await audit.entries_about("contest", poll.contest.id)
    assert sum(one["action"] == "signals.purged" for one in told) == 1
