"""The commands that measure, attack and rehearse the product."""

import rich_click as click

from lab.bench.cli import bench
from lab.fault.cli import fault
from lab.replay.cli import replay
from lab.simulate.cli import simulate

COMMANDS: tuple[click.Command, ...] = (bench, fault, replay, simulate)
