"""`shibaiqian bench vote`: acknowledged durable votes a second against an empty endpoint.

Both servers run at the same time and are loaded in turn, so that a slow moment of the machine
affects both. At the end the stored ballots are compared with those acknowledged.
"""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from core.engines.embedded import Endpoints, embedded_engines
from lab.bench.load import REPORT, Load, generator, run
from lab.bench.poll import ENTRANTS, SLUG
from lab.bench.servers import Served, empty_endpoint
from lab.bench.side import CONNECTIONS, Side, in_turn, warm_up
from lab.bench.site import LARGE, VOTERS, poll_site, replace_database

_VOTES_EACH = 3

_VOTE_LUA = (
    """
local sent, first, voters, csrf = 0, 0, 0, ""
init = function(args)
    first, voters, csrf = tonumber(args[1]), tonumber(args[2]), args[3]
end
request = function()
    local n = first + sent
    sent = sent + 1
    local voter = math.floor(n / EACH) % voters
    local entry = (voter + n % EACH) % ENTRANTS + 1
    return wrk.format("POST", "/c/SLUG/votes", {
        ["Content-Type"] = "application/json",
        ["Accept"] = "application/json",
        ["X-CSRFToken"] = csrf,
        ["Cookie"] = string.format("csrftoken=%s; sid=voter%08d%s", csrf, voter,
            n % EACH > 0 and string.format("; browser=browser%015d", voter) or ""),
        ["X-Forwarded-For"] = string.format("10.%d.%d.7", voter / 250 % 250, voter % 250),
    }, string.format('{"entries":["%03d"],"idempotency_key":"bench-%012d"}', entry, n))
end
""".replace("EACH", str(_VOTES_EACH))
    .replace("ENTRANTS", str(ENTRANTS))
    .replace("SLUG", SLUG)
)

_EMPTY_LUA = """
wrk.method, wrk.path = "POST", "/empty"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"entries":["001"],"idempotency_key":"bench-000000000000"}'
"""


def measure(rounds: int, ballots: int) -> dict[str, Any]:
    """The measurements of both sides; with `ballots`, also against a box that holds so many."""
    generator()
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as name,
        embedded_engines(Path(name) / "engines") as engines,
    ):
        folder = Path(name)
        with empty_endpoint(folder / "empty") as empty, poll_site(engines, folder / "site") as site:
            scripts = _scripts(folder)
            sides = [
                Side("empty", empty, lambda s: run(scripts[0], empty.url, s, CONNECTIONS)),
                _voting_side("vote", site, scripts[1]),
            ]
            if not ballots:
                return _measured(sides, [engines], rounds)
            large = replace_database(engines, LARGE)
            with poll_site(large, folder / "large", ballots) as preloaded:
                sides.append(_voting_side("vote_preloaded", preloaded, scripts[1]))
                return _measured(sides, [engines, large], rounds)


def _measured(sides: list[Side], databases: list[Endpoints], rounds: int) -> dict[str, Any]:
    warm_up(sides)
    before = [asyncio.run(stored(one)) for one in databases]
    in_turn(sides, rounds)
    empty, vote = sides[0], sides[1]
    after = [asyncio.run(stored(one)) for one in databases]
    acked = [side.accepted for side in sides[1:]]
    kept = [now - then for now, then in zip(after, before, strict=True)]
    measurements = {
        "ratio": round(vote.per_second / empty.per_second, 3),
        "p99_ratio": round(vote.p99_ms / empty.p99_ms, 2),
        **{side.name: side.measured() for side in sides},
        # votes under way when a round ends are stored without their answer being counted
        "acked": acked,
        "stored": kept,
        "lost": sum(max(0, a - k) for a, k in zip(acked, kept, strict=True)),
        "connections": CONNECTIONS,
        "generator": generator(),
    }
    if len(sides) > 2:
        measurements["growth_ratio"] = round(sides[2].per_second / vote.per_second, 3)
    return measurements


async def stored(endpoints: Endpoints) -> int:
    """The ballots in the database, counted one by one."""
    connection = await asyncpg.connect(endpoints.database_url)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM ballot"))
    finally:
        await connection.close()


def _voting_side(name: str, site: Served, script: Path) -> Side:
    sent = 0
    csrf = httpx.get(f"{site.url}/sign-in", trust_env=False).cookies["csrftoken"]

    def load(seconds: float) -> Load:
        nonlocal sent
        done = run(script, site.url, seconds, CONNECTIONS, str(sent), str(VOTERS), csrf)
        sent += done.answered + CONNECTIONS
        return done

    return Side(name, site, load)


def _scripts(folder: Path) -> tuple[Path, Path]:
    empty, vote = folder / "empty.lua", folder / "vote.lua"
    empty.write_text(_EMPTY_LUA + REPORT)
    vote.write_text(_VOTE_LUA + REPORT)
    return empty, vote
