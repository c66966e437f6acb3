"""`shibaiqian fault`: inject faults under load: kills, a full disk, stalled writes, a wrong
clock."""

import sys

import rich_click as click

from lab.fault.faults import FAULTS

_NAMES = [one.name for one in FAULTS]


@click.command("fault")
@click.option("--kills", default=50, show_default=True, type=click.IntRange(0, 1000))
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1, 8))
@click.option("--clients", default=48, show_default=True, type=click.IntRange(1, 500))
@click.option("--seed", default=1, show_default=True, help="of the order of chance events")
@click.option("--only", multiple=True, type=click.Choice(_NAMES), help="may be repeated")
def fault(kills: int, processes: int, clients: int, seed: int, only: tuple[str, ...]) -> None:
    """Break everything under load, and prove that no vote was lost, doubled or invented.

    The last line is JSON; lost, extra, gaps and overshoots must be 0, else the exit code is 1.
    """
    from lab.bench.report import tell
    from lab.fault.run import Wanted, run

    faults = [one for one in FAULTS if not only or one.name in only]
    if kills and not any(one.kills for one in faults):
        kills = 0
    measured = run(Wanted(kills, processes, clients, seed, faults=faults))
    tell(measured)
    if measured["findings"]:
        sys.exit(1)
