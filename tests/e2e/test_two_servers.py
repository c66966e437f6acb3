"""Two server processes on one database: one ledger without a gap, one quota."""

import asyncio
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from accounts import service as accounts
from accounts.people.rules import Role
from accounts.sessions import service as sessions
from accounts.sessions.middleware import SESSION_COOKIE
from contest.editions.rules.contest import Phase
from core.audit import SYSTEM
from core.crypto import load_keys
from core.database import db
from core.engines.embedded import Endpoints
from tests.conftest import create_database
from tests.support.contests import contest_in, rulebook_text
from tests.support.server import serving

VOTERS = 12


async def _voters(keys_of: Path, now: datetime) -> list[str]:
    """The session tokens of new voters."""
    keys, tokens = load_keys(keys_of), []
    for n in range(VOTERS):
        phone = accounts.seal_phone(keys, str(13_900_000_000 + n))
        account = await accounts.create_account(
            "投票人", [Role.VOTER], phone=phone, actor=SYSTEM, now=now
        )
        async with db.unit_of_work():
            tokens.append(await sessions.open_session(account, frozenset({Role.VOTER}), now))
    return tokens


async def _cast(client: httpx.AsyncClient, url: str, token: str, key: str) -> Any:
    cookies = {SESSION_COOKIE: token, "csrftoken": client.headers["x-csrftoken"]}
    header = {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    body = {"entries": ["001"], "idempotency_key": key}
    return await client.post(f"{url}/c/shared/votes", json=body, headers=header)


async def test_two_servers_keep_one_quota_and_one_ledger(
    engines: Endpoints, migrated_template: str, tmp_path: Path
) -> None:
    endpoints = await create_database(engines, "two_servers", template=migrated_template)
    now = datetime.now(UTC)
    opens_at = now - timedelta(minutes=5)
    text = rulebook_text(
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=10),
        votes_per_day="1",
    )
    await db.open_pool(endpoints.app_database_url)
    try:
        contest, _entrants = await contest_in(Phase.VOTING, "shared", now, rulebook=text)
        tokens = await _voters(tmp_path / "one", now)
        shutil.copytree(tmp_path / "one", tmp_path / "two")
        settings = {
            "DATABASE_URL": endpoints.database_url,
            "APP_DATABASE_URL": endpoints.app_database_url,
            "REDIS_URL": endpoints.redis_url,
        }
        with (
            serving(tmp_path / "one", command="serve", port=0, **settings) as one,
            serving(tmp_path / "two", command="serve", port=0, **settings) as two,
        ):
            async with httpx.AsyncClient() as client:
                token = (await client.get(f"{one.url}/healthz")).cookies["csrftoken"]
                client.cookies.clear()
                client.headers["x-csrftoken"] = token
                answers = await asyncio.gather(
                    *(
                        _cast(client, server.url, voter, f"try-{n}-{place}-{attempt}")
                        for attempt in range(3)
                        for n, voter in enumerate(tokens)
                        for place, server in enumerate((one, two))
                    )
                )
        assert {one.status_code for one in answers} == {201, 409}
        accepted = sorted(one.json()["sequence"] for one in answers if one.status_code == 201)
        assert accepted == list(range(1, VOTERS + 1))
        async with db.connection() as connection:
            stored = await connection.fetch(
                "SELECT sequence FROM ballot WHERE contest_id = $1 ORDER BY sequence", contest.id
            )
        assert [row["sequence"] for row in stored] == accepted
    finally:
        await db.close_pool()
