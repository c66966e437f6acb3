"""`shibaiqian bench vote`: acknowledged durable votes a second against an empty endpoint.

Both servers run at once and are loaded in turn, round after round, so that a noisy minute of
the machine falls on both. What was acknowledged is compared with what is stored at the end.
"""

import asyncio
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from bench.figures import say
from bench.load import REPORT, Load, generator, run
from bench.poll import ENTRANTS, SLUG, open_poll
from bench.preload import preload
from bench.servers import Served, application, empty_endpoint
from core.engines import Endpoints, embedded_engines
from core.engines_postgres import DATABASE
from core.migrate import migrate

CONNECTIONS = 256
"""Phones of a hall that vote at once; one that has its answer votes again."""

ROUND_SECONDS = 5.0
VOTERS = 150_000
_VOTES_EACH = 3
_LARGE = "bench_preloaded"

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


@dataclass
class Side:
    """One thing that is measured: a server and what one more round on it sees."""

    name: str
    served: Served
    load: Callable[[float], Load]
    runs: list[Load] = field(default_factory=list)
    cpu_seconds: float = 0.0

    def round(self, seconds: float) -> None:
        before = self.served.cpu_seconds()
        self.runs.append(self.load(seconds))
        self.cpu_seconds += self.served.cpu_seconds() - before

    @property
    def per_second(self) -> float:
        return statistics.median(one.per_second for one in self.runs)

    @property
    def p99_ms(self) -> float:
        return statistics.median(one.p99_ms for one in self.runs)

    @property
    def accepted(self) -> int:
        return sum(one.accepted for one in self.runs)

    def figures(self) -> dict[str, Any]:
        return {
            "per_second": round(self.per_second, 1),
            "p50_ms": round(statistics.median(one.p50_ms for one in self.runs), 2),
            "p99_ms": round(self.p99_ms, 2),
            "answered": sum(one.answered for one in self.runs),
            "refused": sum(one.refused for one in self.runs),
            "broken": sum(one.broken for one in self.runs),
            "app_cpu_microseconds_each": round(
                1e6 * self.cpu_seconds / max(1, sum(one.answered for one in self.runs))
            ),
        }


def measure(rounds: int, ballots: int) -> dict[str, Any]:
    """The figures of both sides; with `ballots`, also against a box that holds so many."""
    generator()
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as name,
        embedded_engines(Path(name) / "engines") as engines,
    ):
        folder = Path(name)
        with empty_endpoint(folder / "empty") as empty, _site(engines, folder / "site") as site:
            scripts = _scripts(folder)
            sides = [
                Side("empty", empty, lambda s: run(scripts[0], empty.url, s, CONNECTIONS)),
                _voting_side("vote", site, scripts[1]),
            ]
            if not ballots:
                return _measured(sides, [engines], rounds)
            large = replace_database(engines, _LARGE)
            with _site(large, folder / "large", ballots) as preloaded:
                sides.append(_voting_side("vote_preloaded", preloaded, scripts[1]))
                return _measured(sides, [engines, large], rounds)


def _measured(sides: list[Side], databases: list[Endpoints], rounds: int) -> dict[str, Any]:
    for side in sides:
        side.load(2.0)  # first requests compile, connect and fill caches
    before = [asyncio.run(stored(one)) for one in databases]
    for number in range(rounds):
        for side in sides:
            side.round(ROUND_SECONDS)
            say(f"{number + 1}/{rounds} {side.name}: {side.runs[-1].per_second:.0f}/s")
    empty, vote = sides[0], sides[1]
    after = [asyncio.run(stored(one)) for one in databases]
    acked = [side.accepted for side in sides[1:]]
    kept = [now - then for now, then in zip(after, before, strict=True)]
    figures = {
        "ratio": round(vote.per_second / empty.per_second, 3),
        "p99_ratio": round(vote.p99_ms / empty.p99_ms, 2),
        **{side.name: side.figures() for side in sides},
        # votes under way when a round ends are stored without their answer being counted
        "acked": acked,
        "stored": kept,
        "lost": sum(max(0, a - k) for a, k in zip(acked, kept, strict=True)),
        "connections": CONNECTIONS,
        "generator": generator(),
    }
    if len(sides) > 2:
        figures["growth_ratio"] = round(sides[2].per_second / vote.per_second, 3)
    return figures


@contextmanager
def _site(endpoints: Endpoints, folder: Path, ballots: int = 0) -> Iterator[Served]:
    folder.mkdir(parents=True)
    asyncio.run(_prepare(endpoints, folder, ballots))
    with application(folder, endpoints, TRUSTED_PROXIES="127.0.0.1") as served:
        yield served


async def _prepare(endpoints: Endpoints, folder: Path, ballots: int) -> None:
    await _create_database(endpoints)
    await migrate(endpoints.database_url)
    await open_poll(endpoints, folder, VOTERS)
    if ballots:
        await preload(endpoints.database_url, ballots)


def replace_database(endpoints: Endpoints, name: str) -> Endpoints:
    return replace(
        endpoints,
        database_url=endpoints.database_url.replace(f"/{DATABASE}?", f"/{name}?"),
        app_database_url=endpoints.app_database_url.replace(f"/{DATABASE}?", f"/{name}?"),
    )


async def _create_database(endpoints: Endpoints) -> None:
    if f"/{_LARGE}?" not in endpoints.database_url:
        return
    connection = await asyncpg.connect(endpoints.database_url.replace(_LARGE, "postgres"))
    await connection.execute(f"CREATE DATABASE {_LARGE}")
    await connection.close()


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
