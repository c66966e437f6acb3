"""The demo: its content, the rehearsal clock, and the addresses to open.

Nothing here exists unless `settings.demo` is on, which `core.settings` allows on loopback
addresses alone.
"""

import asyncio
from collections.abc import Awaitable, Callable

from litestar import Router
from redis.asyncio import Redis
from rich.console import Console
from rich.table import Table

from app import Additions
from core.clock import Clock, RehearsalClock
from core.crypto import load_keys
from core.database import db
from core.i18n import _
from core.runtime import Runtime
from core.settings import Settings
from demo import doors, style
from demo.ballots import seed as seed_ballots
from demo.contests import seed as seed_contests
from demo.fund import seed as seed_fund
from demo.people import PEOPLE
from demo.people import seed as seed_people
from demo.results import seed as seed_results

# A rehearsal plays voters of many networks, so forwarded addresses from loopback are trusted. No
# message is really sent, and a replay needs codes for a whole contest within an hour.
REHEARSED_CODES = 1_000_000
DEMO_PROXIES = ("127.0.0.1", "::1")
SEEDERS: tuple[Callable[[Runtime], Awaitable[None]], ...] = (
    seed_people,
    seed_contests,
    seed_ballots,
    seed_results,
    seed_fund,
)
ADDRESSES: tuple[tuple[str, str], ...] = (
    (_("公众页"), "/"),
    *((person.name, f"/demo/sign-in/{person.who}") for person in PEOPLE),
    (_("演示短信"), "/demo/outbox"),
)
ADDITIONS = Additions(
    routes=(
        Router("/", route_handlers=[*doors.HANDLERS, *style.HANDLERS], include_in_schema=False),
    ),
    access=doors.ACCESS | style.ACCESS,
)
_console = Console(stderr=True, highlight=False)


def rehearsal_clock(settings: Settings) -> Clock:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return RehearsalClock(settings.data_dir / "rehearsal-clock")


def open_demo(settings: Settings, clock: Clock) -> Callable[[], None]:
    """Put the demo content into an empty database; returns what prints the addresses."""
    asyncio.run(_seed(settings, clock))
    return lambda: _print_addresses(settings)


async def _seed(settings: Settings, clock: Clock) -> None:
    """Each seeder does nothing where its content is already there."""
    await db.open_pool(settings.app_database_url)
    redis = Redis.from_url(settings.redis_url)
    try:
        runtime = Runtime(settings, clock, load_keys(settings.data_dir), redis)
        for seed in SEEDERS:
            await seed(runtime)
    finally:
        await redis.aclose()
        await db.close_pool()


def _print_addresses(settings: Settings) -> None:
    table = Table(title=_("十百千演示：按 Ctrl-C 停止"), show_header=False, box=None)
    for name, path in ADDRESSES:
        table.add_row(name, settings.base_url + path)
    _console.print(table, soft_wrap=True)
