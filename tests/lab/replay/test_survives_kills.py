"""Kill -9 in the middle of a replay: what was acknowledged is there, and nothing else."""

import asyncio
import io
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from lab.replay.plan import ReplayPlan, read_plan
from lab.replay.run import Replayed, differences, progress_bar, replay_contest, server_time
from scoring.verification.bundle import open_bundle
from scoring.verification.verifier import verify
from tests.lab.replay.facts import write_small_final
from tests.support.eventually import PATIENCE, eventually
from tests.support.processes import until_none_names
from tests.support.server import ServerProcess, free_port, serving

APP_KILLS, TELEVOTE_TIMES, AT_ONCE = 2, 3, 8


class _Progress:
    """Ballots acknowledged so far, told by the replay's own bar."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.bar = progress_bar()
        self.bar.disable = True

    @property
    def ballots(self) -> int:
        tasks = [task for task in self.bar.tasks if task.description == "投票"]
        return int(tasks[0].completed) if tasks else 0

    async def reach(self, ballots: int, replaying: "asyncio.Task[Replayed]") -> None:
        """Wait until so many are acknowledged, well before the last one."""

        def reached() -> bool:
            if replaying.done():
                if crash := replaying.exception():
                    crash.add_note("the server's log ends: " + self.log.read_text()[-6000:])
                    raise crash
                raise AssertionError("the replay was over before the kill")
            return self.ballots >= ballots

        await eventually(reached, f"{ballots} acknowledged ballots", within=300)


def _postgres(data_dir: Path) -> int:
    """The process number of the server's PostgreSQL, from its own file."""
    (found,) = data_dir.rglob("postmaster.pid")
    return int(found.read_text().split()[0])


@asynccontextmanager
async def _serving(data_dir: Path, port: int) -> AsyncIterator[ServerProcess]:
    """A server that comes up and goes down while the replay keeps asking for it."""
    manager = serving(data_dir, port=port)
    server = await asyncio.to_thread(manager.__enter__)
    try:
        yield server
    finally:
        await asyncio.to_thread(manager.__exit__, None, None, None)


def _wound(kill: int, server: ServerProcess, data_dir: Path) -> None:
    """The app's own death, or its PostgreSQL's: then the app goes on without it for a while,
    until the operator ends it."""
    if kill <= APP_KILLS:
        server.process.kill()
        return
    os.kill(_postgres(data_dir), signal.SIGKILL)
    answer = httpx.get(f"{server.url}/healthz")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2"), answer.text
    server.process.kill()


@pytest.mark.timeout(600)
async def test_kills_lose_no_acknowledged_ballot_and_add_none(tmp_path: Path) -> None:
    rulebook = write_small_final(tmp_path / "final", televote_times=TELEVOTE_TIMES)
    data_dir, port, progress = (
        tmp_path / "data",
        free_port(),
        _Progress(tmp_path / "data" / "server.log"),
    )
    url = f"http://127.0.0.1:{port}"
    replaying: asyncio.Task[Replayed] | None = None
    for kill in range(1, APP_KILLS + 2):
        async with _serving(data_dir, port) as server:
            if replaying is None:
                plan = read_plan(rulebook, tmp_path / "final", "kills", await server_time(url))
                contest = replay_contest(url, plan, at_once=AT_ONCE, progress=progress.bar)
                replaying = asyncio.create_task(contest)
            await progress.reach(len(plan.votes) * kill // (APP_KILLS + 2), replaying)
            _wound(kill, server, data_dir)
            await asyncio.to_thread(server.process.wait, PATIENCE)
        await asyncio.to_thread(until_none_names, data_dir)
    assert replaying is not None
    async with _serving(data_dir, port):
        done = await replaying
        lines = (await _get(f"{url}/c/kills/ledger.jsonl")).splitlines()
    _assert_ledger_is_what_was_acknowledged(plan, done, lines)
    assert differences(plan, done.result) == []
    assert list(verify(open_bundle(io.BytesIO(done.bundle))))


async def _get(address: str) -> str:
    async with httpx.AsyncClient() as client:
        answer = await client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


def _assert_ledger_is_what_was_acknowledged(
    plan: ReplayPlan, done: Replayed, lines: list[str]
) -> None:
    """Row by row: every receipt is a row with its choice, every row has its receipt."""
    assert done.cast.retries > 0, "no request met a dead server"
    rows = [json.loads(line) for line in lines]
    assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))
    acknowledged = {one.sequence: list(one.entries) for one in done.cast.receipts}
    assert {row["sequence"]: row["entries"] for row in rows} == acknowledged
    assert len(done.cast.receipts) == len(acknowledged) == len(plan.votes)
    assert len({one.code for one in done.cast.receipts}) == len(plan.votes)
    assert len({row["voter"] for row in rows}) == len(plan.votes)
