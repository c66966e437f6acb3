"""The demo's platform figures: a sheet that was verified, and a newer one that waits."""

import random
from datetime import datetime, timedelta

from contest.editions.rules.contest import Contest
from contest.entrants.service import entrants_of
from contest.figures import service as figures
from contest.figures.rules.needed import FigureNeeded, figures_needed
from core.runtime import Runtime
from demo.people import demo_actor

# As exports write them: a million and more in 万, money in 分.
_MOST = {"plays": 2_400_000, "likes": 180_000, "shares": 60_000, "net_sales": 900_000}


async def seed(runtime: Runtime, contest: Contest) -> None:
    """Nothing where the rulebook needs no figures."""
    if not figures_needed(contest.rulebook):
        return
    end = contest.closes_at or contest.created_at + timedelta(days=5)
    first = await _upload(runtime, contest, "平台数据-初次导出.csv", end, 1.0)
    bureau = await demo_actor("department")
    at = end + timedelta(days=1)
    await figures.decide(first, figures.VERIFIED, "已对照平台后台逐项核对", bureau, at)
    if contest.closes_at is None:
        await _upload(runtime, contest, "平台数据-退款期后.csv", at, 0.94)


async def _upload(
    runtime: Runtime, contest: Contest, name: str, as_of: datetime, share: float
) -> int:
    content = (await _sheet(contest, share)).encode("gb18030")
    file = figures.Upload(name, content, as_of, "由主播本人导出，附后台截图")
    store = figures.evidence_store(runtime)
    actor = await demo_actor("organiser")
    return await figures.upload(contest, file, store, actor, as_of + timedelta(hours=2))


async def _sheet(contest: Contest, share: float) -> str:
    """A sheet as a platform exports it, column names with their units."""
    needed = figures_needed(contest.rulebook)
    # Not for secrets: the seed only makes every start write alike.
    dice = random.Random(contest.slug)  # noqa: S311
    lines = [",".join(["编号", "名称", *(_title(figure) for figure in needed)])]
    for entrant in await entrants_of(contest.id):
        cells = [_cell(figure, dice.uniform(0.3, 1) * share) for figure in needed]
        lines.append(",".join([entrant.code, entrant.name, *cells]))
    return "\r\n".join(lines)


def _title(figure: FigureNeeded) -> str:
    bare = figure.name.partition("（")[0]
    return f"{bare}（分）" if figure.id == "net_sales" else bare


def _cell(figure: FigureNeeded, share: float) -> str:
    value = round(_MOST.get(figure.id, 1000) * share)
    if figure.id == "net_sales":
        return str(value * 100)
    return f"{value / 10_000:.1f}万" if value >= 10_000 else str(value)
