"""Whatever is planted, the audit finds: else its noughts would say nothing."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis

from core.crypto import load_keys
from core.engines.embedded import Endpoints
from lab.fault.intents import Intent
from lab.fault.ledger_check import Findings, check_whole, compare_rows
from tests.support.voting import Poll, open_poll, rulebook_text

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def acknowledged(number: int, voter: int = 1) -> Intent:
    return Intent(voter, "001", f"key-{number}", sequence=number, receipt="R")


def row(number: int, voter: bytes = b"one", code: str = "001") -> dict[str, object]:
    return {"sequence": number, "voter": voter, "key_digest": b"%d" % number, "code": code}


def compared(rows: list[dict[str, object]], sent: dict[bytes, Intent]) -> tuple[int, int]:
    findings = Findings()
    compare_rows(rows, sent, {}, findings)
    assert bool(findings.sentences) == bool(findings.lost or findings.extra)
    return findings.lost, findings.extra


def test_what_agrees_has_no_finding() -> None:
    sent = {b"1": acknowledged(1), b"2": acknowledged(2), b"3": Intent(1, "001", "k", refusal="x")}
    assert compared([row(1), row(2)], sent) == (0, 0)


def test_every_kind_of_difference_is_found() -> None:
    sent = {b"1": acknowledged(1), b"2": acknowledged(2)}
    assert compared([row(1)], sent) == (1, 0)  # acknowledged and gone
    assert compared([row(1), row(2), row(3)], sent) == (0, 1)  # nobody sent it
    assert compared([row(1), row(2), row(2)], sent) == (0, 1)  # twice
    assert compared([row(1), row(2, code="002")], sent) == (1, 0)  # for another entry
    assert compared([row(1), row(2, voter=b"two")], sent) == (1, 0)  # of another voter
    moved = row(5) | {"key_digest": b"2"}
    assert compared([row(1), moved], sent) == (1, 0)  # in another place
    refused = {b"1": acknowledged(1), b"2": Intent(1, "001", "k", refusal="quota_used")}
    assert compared([row(1), row(2)], refused) == (0, 1)  # stored, and told that it is not


@pytest.fixture
async def poll(tmp_path: Path, redis: Redis, pool: None) -> Poll:
    keys = load_keys(tmp_path)
    text = rulebook_text(per_day=3, per_entry=1)
    poll = await open_poll(keys, redis, NOW, text=text)
    await poll.cast_many(6, NOW)
    return poll


@pytest.fixture
async def owner(database: Endpoints) -> AsyncIterator[asyncpg.Connection]:
    """Who can do what the app cannot: with the triggers off."""
    connection = await asyncpg.connect(database.database_url)
    await connection.execute("SET session_replication_role = replica")
    yield connection
    await connection.close()


async def checked(owner: asyncpg.Connection, poll: Poll) -> Findings:
    findings = Findings()
    await check_whole(owner, poll.contest.id, findings)
    return findings


async def test_gap_is_found(poll: Poll, owner: asyncpg.Connection) -> None:
    assert (await checked(owner, poll)).sentences == []
    await owner.execute(
        "DELETE FROM ballot WHERE contest_id = $1 AND sequence = 3", poll.contest.id
    )
    assert (await checked(owner, poll)).gaps == 1


async def test_second_vote_for_one_entry_is_found(poll: Poll, owner: asyncpg.Connection) -> None:
    await owner.execute(
        "UPDATE ballot SET voter = first.voter FROM ballot first WHERE ballot.contest_id = $1"
        " AND first.contest_id = $1 AND first.sequence = 1 AND ballot.sequence = 2",
        poll.contest.id,
    )
    assert (await checked(owner, poll)).overshoots == 1
