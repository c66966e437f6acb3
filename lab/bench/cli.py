"""`shibaiqian bench`: benchmarks, each against a minimal reference in the same run.

Every bench is a file of its own beside this one. Its last line is one JSON object with
`ratio` and the raw measurements of both sides; what is heavy is imported when it is asked for.
"""

import rich_click as click

from core.i18n import _


@click.group("bench")
def bench() -> None:
    """Measure against a minimal reference on the same machine; the last line is JSON."""


@bench.command()
@click.option("--ballots", default=1_000_000, show_default=True, type=click.IntRange(1, 10_000_000))
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1, 20))
@click.option("--fast", is_flag=True, help="Count the ledger by the faster way, with numpy.")
def recount(ballots: int, rounds: int, fast: bool) -> None:
    """Verify a whole bundle, against SHA-256 of as many leaves and nodes in a bare loop."""
    from lab.bench.recount import measure
    from lab.bench.report import say, tell

    say(_("先做一个 %(n)s 张选票的结果包，再轮流测") % {"n": ballots})
    tell(measure(ballots, rounds, fast=fast))


@bench.command()
@click.option("--rounds", default=12, show_default=True, type=click.IntRange(1, 50))
@click.option("--ballots", default=0, show_default=True, type=click.IntRange(0, 20_000_000))
def vote(rounds: int, ballots: int) -> None:
    """Durable votes of one process, against an empty JSON POST of the same framework.

    With --ballots also against a ballot box that holds so many already.
    """
    from lab.bench.report import tell
    from lab.bench.vote import measure

    tell(measure(rounds, ballots))


@bench.command()
@click.option("--rounds", default=12, show_default=True, type=click.IntRange(1, 50))
def board(rounds: int) -> None:
    """The board in JSON, whole and unchanged, against an empty GET of the same framework."""
    from lab.bench.board import measure
    from lab.bench.report import tell

    tell(measure(rounds))


@bench.command()
@click.option("--watchers", default=5000, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--rounds", default=20, show_default=True, type=click.IntRange(1, 1000))
def watch(watchers: int, rounds: int) -> None:
    """A board's publication to its receipt, against websockets.broadcast to plain sockets."""
    from lab.bench.report import tell
    from lab.bench.watch import TooFewFiles, measure

    try:
        measurements = measure(watchers, rounds)
    except TooFewFiles as refusal:
        raise click.ClickException(str(refusal)) from refusal
    tell(measurements)
