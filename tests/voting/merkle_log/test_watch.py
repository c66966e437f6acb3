"""Watching a log that is honest, and one that lies in each way; and the real server's."""

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from redis.asyncio import Redis

from core.crypto import KeyRing, load_keys
from core.runtime import Runtime
from tests.support.eventually import PATIENCE
from tests.support.merkle_log import LogServer, signed_head
from tests.support.people import runtime_of
from tests.support.voting import open_poll
from voting.ledger.rules.merkle import leaf_hash
from voting.merkle_log import cli as cli_watch
from voting.merkle_log import service as log
from voting.merkle_log import ticker
from voting.merkle_log.head_archive import ArchiveError, HeadArchive
from voting.merkle_log.rules.tree_head import read_head
from voting.merkle_log.watch import Alarm, Unreachable, Watcher

URL = "https://vote.example/c/poll"
A, B, C, D = (leaf_hash(one) for one in (b"a", b"b", b"c", b"d"))


@pytest.fixture
def server(keys: KeyRing) -> LogServer:
    return LogServer(keys)


def look(server: LogServer, folder: Path, pinned: bytes | None = None) -> int:
    with server.client() as client:
        watcher = Watcher(client, URL, HeadArchive(folder, server.contest), pinned)
        return watcher.look(lambda covered, size: None)


def archived(folder: Path) -> list[int]:
    lines = (folder / "heads.jsonl").read_text().splitlines()
    return [read_head(json.loads(line)).size for line in lines]


def test_every_head_is_kept_once(server: LogServer, tmp_path: Path) -> None:
    assert look(server, tmp_path) == 0
    server.grow(A)
    server.grow(B, C)
    assert look(server, tmp_path) == 2
    assert look(server, tmp_path) == 0
    server.grow(D)
    assert look(server, tmp_path, server.keys.public_key) == 1
    assert archived(tmp_path) == [1, 3, 4]


def rewritten(server: LogServer) -> None:
    server.leaves[0] = D
    server.grow(C)


def shrunken(server: LogServer) -> None:
    server.leaves = server.leaves[:1]
    server.heads = [signed_head(server.keys, "poll", server.leaves)]


def forked(server: LogServer) -> None:
    server.leaves[0] = D
    server.heads[-1] = signed_head(server.keys, "poll", server.leaves)


def wrongly_signed(server: LogServer) -> None:
    server.grow(C)
    document = server.heads[-1].document()
    server.heads[-1] = read_head({**document, "root": D.hex()})


def of_another_contest(server: LogServer) -> None:
    server.contest = "other"
    server.grow(C)
    server.contest = "poll"


def gone(server: LogServer) -> None:
    server.heads = []


LIES = {
    rewritten: "不是 2 行那个的延续",
    shrunken: "账本变短了：曾签过 2 行，现在只有 1 行",
    forked: "账本分叉了：同样 2 行",
    wrongly_signed: "第 3 行处的树头签名不符",
    of_another_contest: "树头属于别的评选",
    gone: "不再给出树头",
}


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_every_lie_is_cried_out_with_evidence(server: LogServer, tmp_path: Path, lie: Any) -> None:
    kept = server.grow(A, B)
    look(server, tmp_path)
    lie(server)
    with pytest.raises(Alarm, match=LIES[lie]) as alarm:
        look(server, tmp_path)
    assert alarm.value.evidence["kept"] == kept.document()
    assert alarm.value.evidence["public_key"] == server.keys.public_key.hex()
    assert archived(tmp_path) == [2]


def test_another_key_is_an_alarm(server: LogServer, tmp_path: Path) -> None:
    server.grow(A)
    look(server, tmp_path / "heads")
    server.keys = load_keys(tmp_path / "other")
    with pytest.raises(Alarm, match="签名公钥换了"):
        look(server, tmp_path / "heads")
    with pytest.raises(Alarm, match="签名公钥换了"):
        look(server, tmp_path / "pinned", bytes(32))


def test_network_loss_is_survived(server: LogServer, tmp_path: Path) -> None:
    server.grow(A)
    look(server, tmp_path)
    server.away = True
    with pytest.raises(Unreachable):
        look(server, tmp_path)
    server.away = False
    server.grow(B)
    assert look(server, tmp_path) == 1


def test_half_written_line_is_taken_away(server: LogServer, tmp_path: Path) -> None:
    server.grow(A)
    look(server, tmp_path)
    with (tmp_path / "heads.jsonl").open("a") as file:
        file.write('{"contest":"po')
    server.grow(B)
    assert look(server, tmp_path) == 1
    assert archived(tmp_path) == [1, 2]


def test_folder_of_another_contest_is_refused(server: LogServer, tmp_path: Path) -> None:
    server.grow(A)
    look(server, tmp_path)
    with pytest.raises(ArchiveError, match="别的评选 poll"):
        HeadArchive(tmp_path, "other")


def run(server: LogServer, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    client = server.client()
    monkeypatch.setattr(cli_watch, "httpx", SimpleNamespace(Client=lambda timeout: client))
    arguments = [URL + "/ledger?from=2", "--folder", str(folder), "--once"]
    return CliRunner().invoke(cli_watch.watch_log, arguments)


def test_command_says_what_it_found_by_its_exit_code(
    server: LogServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.grow(A, B)
    good = run(server, tmp_path, monkeypatch)
    assert (good.exit_code, "到 2 行为止都一致" in good.output) == (0, True), good.output
    server.away = True
    assert run(server, tmp_path, monkeypatch).exit_code == 2
    server.away = False
    rewritten(server)
    bad = run(server, tmp_path, monkeypatch)
    assert bad.exit_code == 1
    assert "账本被改写过" in bad.output
    evidence = json.loads((tmp_path / "evidence-001.json").read_text())
    assert {evidence["kept"]["size"], evidence["seen"]["size"]} == {2, 3}
    assert CliRunner().invoke(cli_watch.watch_log, ["ftp://x/c/poll", "--once"]).exit_code == 2


class Bridge(httpx.BaseTransport):
    """Lets a client that waits, in a thread, speak to the application of the test's loop."""

    def __init__(self, client: httpx.AsyncClient, loop: asyncio.AbstractEventLoop) -> None:
        self._client = client
        self._loop = loop

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._client.get(request.url.raw_path.decode())
        done = asyncio.run_coroutine_threadsafe(answer, self._loop).result(PATIENCE)
        return httpx.Response(done.status_code, content=done.content)


@pytest.fixture
def nobody_else_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The application has no ticker; this must be asked for before `client`."""

    async def run(_runtime: Runtime) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(ticker, "run", run)


async def test_real_server_is_found_honest(
    nobody_else_signs: None, client: httpx.AsyncClient, redis: Redis, tmp_path: Path
) -> None:
    runtime = runtime_of(client)
    poll = await open_poll(runtime.keys, redis, runtime.clock.now())
    for first in (1, 301):
        await poll.cast_many(300, runtime.clock.now(), first=first)
        await log.sign_new_heads(runtime.keys, runtime.clock.now())
    slug = poll.contest.slug
    with httpx.Client(transport=Bridge(client, asyncio.get_running_loop())) as bridged:
        watcher = Watcher(bridged, f"http://x/c/{slug}", HeadArchive(tmp_path, slug))
        kept = await asyncio.to_thread(watcher.look, lambda covered, size: None)
    assert (kept, archived(tmp_path)) == (2, [300, 600])
