"""A certified contest, backed up and restored somewhere else: nothing of it is missing."""

import os
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg
import httpx
import pytest
from redis.asyncio import Redis

from app import create_app
from contest.editions.rules.contest import Contest, Phase
from contest.phases import service as phases
from contest.phases.conditions import PhaseConditions
from core.audit import SYSTEM
from core.backup.service import back_up, check_backup, put_back
from core.clock import SettableClock
from core.crypto import load_keys
from core.database import db
from core.database.migrate import migrate
from core.engines.embedded import Endpoints, embedded_engines
from core.paths import ROOT
from core.runtime import Runtime
from core.settings import Settings
from scoring.judging.sheets import signing
from scoring.results import certification
from scoring.verification.bundle import open_bundle
from scoring.verification.verifier import verify
from tests.conftest import START, create_database
from tests.support.judging import PIN, judging_contest, mark_everyone
from tests.support.lifespan import running
from tests.support.server import command_line

EVIDENCE = b"figures of a platform"


@dataclass(frozen=True)
class Site:
    settings: Settings
    contest: Contest
    bundle: str
    public_key: bytes


@pytest.fixture(scope="module")
async def site(settings: Settings, clock: SettableClock, engines: Endpoints) -> Site:
    """A site with one certified contest in public notice."""
    await db.open_pool(settings.app_database_url)
    async with Redis.from_url(engines.redis_url) as redis:
        runtime = Runtime(settings, clock, load_keys(settings.data_dir), redis)
        contest, bundle = await _certified(runtime)
    await db.close_pool()
    (settings.data_dir / "log").mkdir()
    (settings.data_dir / "log" / "postgres.log").write_text("not kept")
    (settings.data_dir / "evidence").mkdir()
    (settings.data_dir / "evidence" / "sheet").write_bytes(EVIDENCE)
    return Site(settings, contest, bundle, runtime.keys.public_key)


async def _certified(runtime: Runtime) -> tuple[Contest, str]:
    given = await judging_contest(START)
    for number in range(1, 6):
        await mark_everyone(given, number, {"001": 30, "002": 35, "003": 40})
        hand = given.hand(number, runtime.keys)
        await signing.sign(given.contest, given.judges[number - 1], PIN, hand, confirmed=True)
    conditions = PhaseConditions()
    contest = await phases.advance(given.contest.id, Phase.TALLYING, SYSTEM, given.now, conditions)
    await certification.propose(contest, given.actor(1), given.now, runtime)
    certified = await certification.approve(contest, given.actor(2), given.now, runtime)
    contest = await phases.advance(contest.id, Phase.PUBLIC_NOTICE, SYSTEM, given.now, conditions)
    return contest, certified.bundle


@pytest.fixture(scope="module")
async def backup(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("backups") / "first"
    settings = site.settings
    assert await back_up(settings.database_url, settings.data_dir, target, START) == []
    return target


@pytest.fixture(scope="module")
async def restored(
    site: Site, backup: Path, engines: Endpoints, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    endpoints = await create_database(engines, "restored", template="template0")
    data_dir = tmp_path_factory.mktemp("restored") / "data"
    files = check_backup(backup, data_dir, None)
    assert await put_back(endpoints.database_url, data_dir, backup, files, None) == []
    return replace(
        site.settings,
        data_dir=data_dir,
        database_url=endpoints.database_url,
        app_database_url=endpoints.app_database_url,
    )


@pytest.fixture
async def visitor(
    restored: Settings, clock: SettableClock, redis: Redis
) -> AsyncIterator[httpx.AsyncClient]:
    async with running(create_app(restored, clock)) as application:
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
            yield http


async def test_restored_result_is_shown_and_its_bundle_verified(
    site: Site, visitor: httpx.AsyncClient, tmp_path: Path
) -> None:
    base = f"/c/{site.contest.slug}/result"
    shown = await visitor.get(base, headers={"accept": "text/html"})
    assert (shown.status_code, "候选人3" in shown.text) == (200, True)
    bundle = await visitor.get(f"{base}/bundle.zip")
    assert bundle.status_code == 200
    path = tmp_path / "bundle.zip"
    path.write_bytes(bundle.content)
    assert len(list(verify(open_bundle(path, site.public_key)))) >= 3


async def test_missing_file_is_told_in_a_sentence(
    site: Site, restored: Settings, visitor: httpx.AsyncClient
) -> None:
    path = restored.data_dir / "bundles" / site.bundle[:2] / site.bundle
    aside = path.rename(path.with_suffix(".aside"))
    for accept in ("text/html", "application/json"):
        answer = await visitor.get(
            f"/c/{site.contest.slug}/result/bundle.zip", headers={"accept": accept}
        )
        assert answer.status_code == 503
        assert "服务器上找不到这个文件了" in answer.text
    assert (await visitor.get(f"/c/{site.contest.slug}/result")).status_code == 200
    aside.rename(path)


async def test_app_may_change_as_little_as_before(restored: Settings) -> None:
    connection = await asyncpg.connect(restored.app_database_url)
    assert await connection.fetchval("SELECT count(*) FROM certification") == 1
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("DELETE FROM certification")
    await connection.close()


def test_files_keep_their_content_and_keys_their_permissions(
    site: Site, restored: Settings, backup: Path
) -> None:
    old, new = site.settings.data_dir, restored.data_dir
    assert (new / "evidence" / "sheet").read_bytes() == EVIDENCE
    assert not (backup / "data" / "log").exists()
    for name in ("master.key", "signing.key"):
        key = new / "keys" / name
        assert key.read_bytes() == (old / "keys" / name).read_bytes()
        assert key.stat().st_mode & 0o777 == 0o600
        assert (backup / "data" / "keys" / name).stat().st_mode & 0o777 == 0o600
    assert (new / "keys").stat().st_mode & 0o777 == 0o700
    assert backup.stat().st_mode & 0o777 == 0o700


async def test_file_that_the_database_names_and_nobody_has_is_told(
    site: Site, tmp_path: Path
) -> None:
    path = site.settings.data_dir / "bundles" / site.bundle[:2] / site.bundle
    aside = path.rename(tmp_path / "aside")
    settings = site.settings
    lost = await back_up(settings.database_url, settings.data_dir, tmp_path / "backup", START)
    aside.rename(path)
    assert lost == [f"bundles/{site.bundle[:2]}/{site.bundle}"]


async def test_keys_can_be_kept_apart(site: Site, engines: Endpoints, tmp_path: Path) -> None:
    settings, target, data = site.settings, tmp_path / "backup", tmp_path / "data"
    await back_up(settings.database_url, settings.data_dir, target, START, with_keys=False)
    assert not (target / "data" / "keys").exists()
    keys = settings.data_dir / "keys"
    endpoints = await create_database(engines, "restored_keys", template="template0")
    await put_back(endpoints.database_url, data, target, check_backup(target, data, keys), keys)
    assert load_keys(data).public_key == site.public_key
    assert (data / "keys" / "master.key").stat().st_mode & 0o777 == 0o600


def shibaiqian(data_dir: Path, *arguments: object) -> tuple[int, str]:
    done = subprocess.run(
        command_line(*map(str, arguments)),
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(data_dir), "DATABASE_URL": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
async def folder(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Path]:
    """A data folder with engines of its own, on which a server runs."""
    data = tmp_path_factory.mktemp("embedded")
    with embedded_engines(data, redis_url="redis://none") as endpoints:
        await migrate(endpoints.database_url)
        load_keys(data)
        yield data


def test_commands_beside_a_running_server_and_without_one(folder: Path, tmp_path: Path) -> None:
    first, second, new = tmp_path / "first", tmp_path / "second", tmp_path / "new"
    assert shibaiqian(folder, "backup", first)[0] == 0
    code, words = shibaiqian(new, "restore", first)
    assert (code, f"已恢复到 {new}" in words) == (0, True)
    assert shibaiqian(new, "backup", second)[0] == 0
    assert (second / "data/keys/master.key").read_bytes() == (
        folder / "keys/master.key"
    ).read_bytes()
    code, words = shibaiqian(new, "restore", first)
    assert (code, "不是空的" in words) == (2, True)
    code, words = shibaiqian(folder, "backup", first)
    assert (code, "不是空目录" in words) == (2, True)


def test_what_is_no_data_folder_is_not_backed_up_and_nothing_is_made(tmp_path: Path) -> None:
    code, words = shibaiqian(tmp_path / "none", "backup", tmp_path / "backup")
    assert (code, "不是十百千的数据目录" in words) == (2, True)
    assert list(tmp_path.iterdir()) == []


async def test_database_that_is_not_empty_is_left_alone(
    site: Site, backup: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    done = subprocess.run(
        command_line("restore", str(backup)),
        cwd=ROOT,
        env={
            **os.environ,
            "DATA_DIR": str(data),
            "DATABASE_URL": site.settings.database_url,
            "APP_DATABASE_URL": site.settings.app_database_url,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "数据库不是空的" in done.stderr) == (2, True)
    assert not data.exists()
