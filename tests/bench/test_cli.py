"""Every bench ends with one JSON object that has a ratio; tried small."""

import json

from click.testing import CliRunner

from bench.cli import bench


def test_recount_prints_both_sides_and_their_ratio() -> None:
    done = CliRunner().invoke(bench, ["recount", "--ballots", "300", "--rounds", "1"])
    assert done.exit_code == 0, done.output
    figures = json.loads(done.stdout.splitlines()[-1])
    assert (figures["ballots"], figures["leaves"], figures["nodes"]) == (300, 301, 300)
    measured = figures["verify_seconds"] / figures["hash_seconds"]
    assert abs(figures["ratio"] / measured - 1) < 0.5  # rounded
