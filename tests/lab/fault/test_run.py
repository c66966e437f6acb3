"""The fault run itself: a short one with every test run, the long ones at night."""

import pytest

from lab.fault.faults import FAULTS
from lab.fault.run import Wanted, run

SHORT = ("kill app", "kill postgres", "kill redis", "kill everything", "flush redis", "full disk")


def assert_nothing_lost(figures: dict[str, object]) -> None:
    assert figures["findings"] == []
    assert figures["acked"] == figures["stored"]
    assert [figures[name] for name in ("lost", "extra", "gaps", "overshoots")] == [0, 0, 0, 0]


@pytest.mark.timeout(900)
def test_two_processes_behind_one_port_lose_nothing_when_everything_is_killed() -> None:
    faults = [one for one in FAULTS if one.name in SHORT]
    figures = run(Wanted(7, processes=2, clients=24, seed=3, voters=4_000, faults=faults))
    assert_nothing_lost(figures)
    assert figures["kills"] == 7
    assert figures["retries"] > 0
    assert figures["acked"] > 500
    assert set(figures["faults"]) | set(figures["skipped"]) == set(SHORT)


@pytest.mark.nightly
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("processes", [1, 2])
def test_fifty_kills_and_every_fault(processes: int) -> None:
    figures = run(Wanted(50, processes=processes, clients=48, seed=processes))
    assert_nothing_lost(figures)
    assert figures["kills"] >= 50
    assert not figures["skipped"]
