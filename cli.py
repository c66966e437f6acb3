"""The `shibaiqian` command."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

import rich_click as click

from core.audit import SYSTEM
from core.backup.cli import backup, restore
from core.clock import Clock, SystemClock
from core.database import db
from core.database.migrate import migrate
from core.engines.embedded import embedded_engines
from core.logs import configure_logs
from core.refusing import console, refusing
from core.settings import Settings, from_environment
from core.web.server import listen
from core.web.server import serve as serve_application
from scoring.offline.cli_rehearse import rehearse
from scoring.offline.cli_score import score
from scoring.verification.cli import verify
from voting.merkle_log.cli import watch_log
from voting.receipts.cli import verify_receipt

if TYPE_CHECKING:
    from app import Additions


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="shibaiqian", message="%(package)s %(version)s")
def main() -> None:
    """十百千: contests, public votes, judging and results that anyone can recompute."""
    configure_logs()


@main.command()
def serve() -> None:
    """Serve what the data folder holds, with the settings of the environment."""
    refusing(lambda: _serve(from_environment(), lambda _: SystemClock(), _announce))


@main.command()
def demo() -> None:
    """Serve the demo contest on loopback, with open sign-in links and a rehearsal clock."""
    from demo.run import ADDITIONS, DEMO_PROXIES, REHEARSED_CODES, open_demo, rehearsal_clock

    def run() -> None:
        settings = replace(
            from_environment(),
            demo=True,
            trusted_proxies=DEMO_PROXIES,
            sms_per_hour=REHEARSED_CODES,
        )
        _serve(settings, rehearsal_clock, open_demo, ADDITIONS)

    refusing(run)


@main.command()
@click.argument("name")
@click.argument("login")
def admin(name: str, login: str) -> None:
    """Appoint an administrator: prints the link by which NAME sets a password for LOGIN.

    The first one of an installation is made so, before or beside the running server (an
    embedded data folder serves one command at a time: stop the server first).
    """

    def run() -> None:
        with _engines(from_environment()) as settings:
            asyncio.run(migrate(settings.database_url))
            link = asyncio.run(_appoint_administrator(settings, name, login))
        click.echo(settings.base_url + link)

    refusing(run)


async def _appoint_administrator(settings: Settings, name: str, login: str) -> str:
    from accounts.administration.service import NewPerson, appoint
    from accounts.people.rules import Role

    await db.open_pool(settings.app_database_url)
    try:
        person = NewPerson(name, frozenset({Role.ADMINISTRATOR}), login, "", None)
        return (await appoint(person, SYSTEM, SystemClock().now()))[1]
    finally:
        await db.close_pool()


main.add_command(backup)
main.add_command(rehearse)
main.add_command(restore)
main.add_command(score)
main.add_command(verify)
main.add_command(verify_receipt)
main.add_command(watch_log)
if find_spec("lab") is not None:
    # a site is installed without what measures and attacks it
    from lab.cli import COMMANDS

    for command in COMMANDS:
        main.add_command(command)


def _serve(
    settings: Settings,
    make_clock: Callable[[Settings], Clock],
    open_for: Callable[[Settings, Clock], Callable[[], None]],
    additions: "Additions | None" = None,
) -> None:
    """Engines, schema, content, server, in this order; all stopped again at the end.

    `open_for` runs once the schema is there and returns what to call when the server answers.
    """
    from app import create_app

    with listen(settings) as listener:
        console.print("正在启动 starting …")
        with _engines(settings) as settings:
            asyncio.run(migrate(settings.database_url))
            clock = make_clock(settings)
            on_ready = open_for(settings, clock)
            serve_application(create_app(settings, clock, additions), listener, on_ready)
    console.print("已停止 stopped")


@contextmanager
def _engines(settings: Settings) -> Iterator[Settings]:
    """The engines running, and the settings that say where."""
    with embedded_engines(
        settings.data_dir,
        database_url=settings.database_url,
        app_database_url=settings.app_database_url,
        redis_url=settings.redis_url,
    ) as endpoints:
        for program in endpoints.programs:
            console.print(str(program), soft_wrap=True)
        yield replace(
            settings,
            database_url=endpoints.database_url,
            app_database_url=endpoints.app_database_url,
            redis_url=endpoints.redis_url,
        )


def _announce(settings: Settings, _clock: Clock) -> Callable[[], None]:
    return lambda: console.print(f"十百千 {settings.base_url}/", soft_wrap=True)


if __name__ == "__main__":
    main()
