"""`shibaiqian watch-log`: keep the signed heads of a contest, and alarm when two contradict."""

import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import rich_click as click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from core.i18n import _
from voting.merkle_log.head_archive import ArchiveError, HeadArchive
from voting.merkle_log.hex_key import HexKey
from voting.merkle_log.watch import Alarm, Unreachable, Watcher

_ALARM, _UNUSABLE = 1, 2
_SECONDS_TO_ANSWER = 20.0


@click.command("watch-log")
@click.argument("url")
@click.option(
    "--folder", type=click.Path(path_type=Path), help="存放树头的文件夹；默认 heads-评选名"
)
@click.option("--key", type=HexKey(), help="结果页或公告上公布的签名公钥（64 位十六进制）")
@click.option(
    "--every",
    default=10.0,
    show_default=True,
    type=click.FloatRange(min=0.1),
    help="隔几秒看一次",
)
@click.option("--once", is_flag=True, help="只看一次就退出，供定时任务使用")
def watch_log(url: str, folder: Path | None, key: bytes | None, every: float, once: bool) -> None:
    """留存评选 URL（形如 https://…/c/评选名）签过名的全部树头，核对每一个都是前一个的延续。

    一直相符就一直看下去（--once 看一次，退出码 0）；签名不符、账本变短、分叉或被改写时说明
    缘由、留下证据文件，退出码为 1。断网时稍后再试；--once 时断网退出码为 2。
    """
    address = _contest_address(url)
    contest = address.rsplit("/", 1)[-1]
    folder = folder or Path(f"heads-{contest}")
    console = Console(highlight=False, soft_wrap=True)
    try:
        archive = HeadArchive(folder, contest)
    except ArchiveError as error:
        click.echo(str(error), err=True)
        sys.exit(_UNUSABLE)
    with httpx.Client(timeout=_SECONDS_TO_ANSWER) as client:
        watcher = Watcher(client, address, archive, key)
        while True:
            reached = _look(watcher, archive, console)
            if once:
                sys.exit(0 if reached else _UNUSABLE)
            try:
                time.sleep(every)
            except KeyboardInterrupt:
                return


def _look(watcher: Watcher, archive: HeadArchive, console: Console) -> bool:
    """One look; whether the server answered. Exits on an alarm."""
    bar = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*bar, console=console, transient=True) as progress:
            task = progress.add_task(_("核对树头"), total=None)
            kept = watcher.look(
                lambda covered, size: progress.update(task, completed=covered, total=size)
            )
    except Unreachable as reason:
        console.print(f"… {reason}")
        return False
    except Alarm as alarm:
        evidence = archive.keep_evidence(alarm.evidence)
        console.print(f"[bold red]✗ {alarm}[/]")
        console.print(_("证据存在 %(file)s") % {"file": evidence})
        sys.exit(_ALARM)
    if kept and archive.newest is not None:
        console.print(
            _("✓ 新留存 %(n)s 个树头，到 %(size)s 行为止都一致")
            % {"n": kept, "size": archive.newest.size}
        )
    return True


def _contest_address(url: str) -> str:
    """`https://host/prefix/c/slug`, whichever of the contest's pages was given."""
    parts = urlsplit(url)
    before, found, rest = parts.path.rpartition("/c/")
    slug = rest.split("/")[0]
    if parts.scheme not in ("http", "https") or not parts.netloc or not found or not slug:
        raise click.BadParameter(_("应为评选页的地址，形如 https://…/c/评选名"), param_hint="URL")
    return f"{parts.scheme}://{parts.netloc}{before}/c/{slug}"
