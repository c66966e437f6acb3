"""`shibaiqian replay`: a real contest carried through a running demo server."""

import asyncio
import sys
import time
from pathlib import Path

import httpx
import rich_click as click
from rich.console import Console
from rich.table import Table

from core.i18n import _
from lab.replay.browser import RefusedError
from lab.replay.people import ReplayError
from lab.replay.plan import ReplayPlan, read_plan
from lab.replay.run import Replayed, differences, progress_bar, replay_contest, server_time
from scoring.offline.reading import OfflineError

_DIFFERENT, _BAD_INPUT = 1, 2


@click.command("replay")
@click.argument("rulebook_file", metavar="RULEBOOK", type=click.Path(path_type=Path))
@click.argument("data_dir", metavar="DATA_DIR", type=click.Path(path_type=Path))
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="演示服务器的地址")
@click.option("--slug", default="", help="评选的网址名；不填则按时间起名")
@click.option("--at-once", default=16, show_default=True, help="同时投票的人数")
@click.option("--bundle", type=click.Path(path_type=Path), help="把结果包存到这个文件")
def replay(
    rulebook_file: Path, data_dir: Path, url: str, slug: str, at_once: int, bundle: Path | None
) -> None:
    """按规则文件 RULEBOOK 和数据目录 DATA_DIR，在运行着的演示服务器上把一届评选重演一遍。

    只通过 HTTP：建评选、录入参评者、每张选票由各自的投票人投出、每位评委在平板上逐项打分
    并签名、两人核定。投票时间改为服务器此刻之后；名次与得分须与 `shibaiqian score` 完全一致，
    否则退出码为 1。
    """
    console = Console()
    try:
        now = asyncio.run(server_time(url))
        slug = slug or f"replay-{int(time.time())}"
        plan = read_plan(rulebook_file, data_dir, slug, now)
        with progress_bar() as progress:
            done = asyncio.run(replay_contest(url, plan, at_once=at_once, progress=progress))
    except* OfflineError as group:
        _stop("\n".join(s for e in group.exceptions for s in getattr(e, "sentences", [str(e)])))
    except* (RefusedError, ReplayError, httpx.TransportError) as group:
        _stop("\n".join(str(error) for error in group.exceptions))
    if bundle:
        bundle.write_bytes(done.bundle)
    _report(console, plan, done, url)


def _stop(message: str) -> None:
    click.echo(message, err=True)
    sys.exit(_BAD_INPUT)


def _report(console: Console, plan: ReplayPlan, done: Replayed, url: str) -> None:
    table = Table(_("名次"), _("编号"), _("姓名"), _("总分"))
    for one in done.result["entrants"]:
        table.add_row(str(one["rank"]), one["code"], one["name"], str(one["total"]))
    console.print(table)
    console.print(f"{url}/c/{plan.slug}/result", soft_wrap=True)
    console.print(
        _("选票 %(n)s 张全部有回执，重试 %(r)s 次")
        % {"n": len(done.cast.receipts), "r": done.cast.retries}
    )
    found = differences(plan, done.result)
    for line in found:
        console.print(line, soft_wrap=True)
    if found:
        sys.exit(_DIFFERENT)
    console.print(_("服务器的结果与离线计算完全一致"))
