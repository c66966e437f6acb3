"""Kill -9 in the middle of a replay: what was acknowledged is there, and nothing else."""

import asyncio
import json
import os
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from replay.browser import Browser
from replay.plan import Plan, read_plan
from replay.run import Replayed, differences, progress_bar, replay_contest, server_time
from replay.voting import Receipt
from tests.replay.facts import write_small_final
from tests.support.processes import until_none_names
from tests.support.server import free_port, serving
from voting.rules.recount import recount

APP_KILLS, TELEVOTE_TIMES, AT_ONCE = 3, 6, 8


class _Progress:
    """Ballots acknowledged so far, told by the replay's own bar."""

    def __init__(self) -> None:
        self.bar = progress_bar()
        self.bar.disable = True

    @property
    def ballots(self) -> int:
        tasks = [task for task in self.bar.tasks if task.description == "投票"]
        return int(tasks[0].completed) if tasks else 0

    async def reach(self, ballots: int, replaying: "asyncio.Task[Replayed]") -> None:
        """Wait until so many are acknowledged, well before the last one."""
        while self.ballots < ballots:
            if replaying.done():
                replaying.result()
                raise AssertionError("the replay was over before the kill")
            await asyncio.sleep(0.01)


def _postgres(data_dir: Path) -> int:
    """The process number of the server's PostgreSQL, from its own file."""
    (found,) = data_dir.rglob("postmaster.pid")
    return int(found.read_text().split()[0])


@pytest.mark.timeout(600)
async def test_kills_lose_no_acknowledged_ballot_and_add_none(tmp_path: Path) -> None:
    rulebook = write_small_final(tmp_path / "final", televote_times=TELEVOTE_TIMES)
    data_dir, port = tmp_path / "data", free_port()
    url, progress = f"http://127.0.0.1:{port}", _Progress()
    with serving(data_dir, port=port) as server:
        plan = read_plan(rulebook, tmp_path / "final", "kills", await server_time(url))
        whole = len(plan.votes)
        steps = [whole * n // (APP_KILLS + 2) for n in range(1, APP_KILLS + 2)]
        replaying = asyncio.create_task(
            replay_contest(url, plan, at_once=AT_ONCE, progress=progress.bar)
        )
        await progress.reach(steps[0], replaying)
        server.process.kill()
    for number, step in enumerate(steps[1:], start=2):
        await asyncio.to_thread(until_none_names, data_dir)
        restarted = serving(data_dir, port=port)
        server = await asyncio.to_thread(restarted.__enter__)
        try:
            await progress.reach(step, replaying)
            if number <= APP_KILLS:
                server.process.kill()
            else:
                os.kill(_postgres(data_dir), signal.SIGKILL)
                await asyncio.to_thread(server.process.wait, 60)
        finally:
            await asyncio.to_thread(restarted.__exit__, None, None, None)
    with serving(data_dir, port=port):
        done = await replaying
        await _assert_ledger_is_what_was_acknowledged(url, plan, done)
