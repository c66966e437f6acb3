"""`shibaiqian backup` and `shibaiqian restore`."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import rich_click as click

from core.backup.folder import BackupRefused
from core.backup.service import back_up, check_backup, check_target, put_back
from core.clock import SystemClock
from core.engines.embedded import embedded_engines, running_endpoints
from core.i18n import _
from core.refusing import console, refusing
from core.settings import Settings, from_environment

_LOST = 1
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command("backup")
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option("--without-keys", is_flag=True, help="不含 keys/：密钥已另行保管")
def backup(folder: Path, without_keys: bool) -> None:
    """把数据库和数据目录备份到新目录 DIR，附每个文件的摘要。

    服务运行时也能备份，不影响投票。含密钥的备份能解开所有手机号，要像密钥一样保管。
    数据库提到、数据目录里却没有的文件会列出来，退出码为 1；其余内容已备份。不能备份时为 2。
    """

    def run() -> None:
        settings = from_environment()
        check_target(folder, settings.data_dir, embedded=not settings.database_url)
        now = SystemClock().now()
        with _database(settings) as url:
            lost = asyncio.run(
                back_up(url, settings.data_dir, folder, now, with_keys=not without_keys)
            )
        click.echo(_("已备份到 %(folder)s") % {"folder": folder})
        _tell_lost(lost)

    refusing(run)


@click.command("restore")
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option("--keys", type=_FOLDER, help="备份不含密钥时，存放两把密钥的目录")
def restore(folder: Path, keys: Path | None) -> None:
    """把 DIR 里的备份恢复到新的数据目录（DATA_DIR）和空数据库。

    先核对每个文件的摘要，全部相符才动手。数据目录或数据库不是空的、备份有缺损时拒绝，退出码为 2。
    """

    def run() -> None:
        settings = from_environment()
        files = check_backup(folder, settings.data_dir, keys)
        try:
            with _database(settings) as url:
                lost = asyncio.run(put_back(url, settings.data_dir, folder, files, keys))
        except BackupRefused as refusal:
            raise BackupRefused(_unfinished(settings, refusal)) from refusal
        click.echo(_("已恢复到 %(folder)s，可以启动服务了") % {"folder": settings.data_dir})
        _tell_lost(lost)

    refusing(run)


@contextmanager
def _database(settings: Settings) -> Iterator[str]:
    """The owner's address of the database: an operator's, a running server's, or started now."""
    if settings.database_url:
        yield settings.database_url
        return
    running = running_endpoints(settings.data_dir)
    if running is not None:
        yield running.database_url
        return
    # Redis holds nothing that lasts: none is started.
    with embedded_engines(settings.data_dir, redis_url="redis://none") as endpoints:
        yield endpoints.database_url


def _unfinished(settings: Settings, refusal: BackupRefused) -> str:
    words = _("恢复没有完成。%(why)s") % {"why": refusal}
    if not settings.data_dir.is_dir() or not any(settings.data_dir.iterdir()):
        return words
    rest = _("再试之前，请先删除只恢复了一部分的数据目录 %(folder)s。")
    return f"{words}\n{rest % {'folder': settings.data_dir}}"


def _tell_lost(lost: list[str]) -> None:
    if not lost:
        return
    console.print(_("数据库提到、但数据目录里没有的文件 %(count)s 个：") % {"count": len(lost)})
    for name in lost:
        console.print(f"  {name}", markup=False)
    sys.exit(_LOST)
