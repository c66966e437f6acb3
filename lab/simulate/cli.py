"""`shibaiqian simulate`: the detectors measured on made-up weeks, honest and attacked."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click
from rich.console import Console
from rich.table import Table

from core.i18n import _

if TYPE_CHECKING:
    from lab.simulate.measure import AttackScore, HonestWeek

BUDGET = 1.0
_PIPED_WIDTH = 150


@click.command("simulate")
@click.option("--weeks", default=40, show_default=True, help="诚实的周数")
@click.option("--attacked", default=20, show_default=True, help="每种攻击的周数")
@click.option("--seed", default=2026, show_default=True, help="同一种子得到同样的数字")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.option("--charts", type=click.Path(path_type=Path), help="把图（SVG）写进这个目录")
def simulate(weeks: int, attacked: int, seed: int, as_json: bool, charts: Path | None) -> None:
    """模拟诚实的投票周和各种刷票，报告检测的查准率、查全率和误报数。

    误报超过每周一个时退出码为 1。假设、各检测方法和盲区见 docs/fraud.md。
    """
    # scipy takes seconds to load, and no other command needs it.
    from lab.simulate.attacks import ATTACKS
    from lab.simulate.measure import attacked_weeks, honest_weeks, score

    with Console(stderr=True).status(_("正在模拟……")) as status:
        honest = list(honest_weeks(seed, max(1, weeks)))
        scores = []
        for name in ATTACKS:
            status.update(_("正在模拟：%(name)s") % {"name": name})
            scores.append(score(list(attacked_weeks(seed, name, max(1, attacked)))))
    report = _report(seed, honest, scores)
    if charts is not None:
        from lab.simulate.pictures import pictures

        charts.mkdir(parents=True, exist_ok=True)
        for file, picture in pictures(seed, scores).items():
            (charts / file).write_text(picture + "\n", encoding="utf-8")
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, sort_keys=True))
    else:
        _print(report, scores)
    if report["false_cases_per_week"] > BUDGET:
        raise SystemExit(1)


def _report(seed: int, honest: "list[HonestWeek]", scores: "list[AttackScore]") -> dict[str, Any]:
    false_cases = sum(one.false_cases for one in honest)
    return {
        "seed": seed,
        "budget": BUDGET,
        "honest_weeks": len(honest),
        "votes_per_week": round(sum(one.votes for one in honest) / len(honest)),
        "false_cases": false_cases,
        "false_cases_per_week": false_cases / len(honest),
        "weeks_with_false_cases": sum(one.false_cases > 0 for one in honest),
        "attacks": [asdict(one) for one in scores],
    }


def _print(report: dict[str, Any], scores: "list[AttackScore]") -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(width=_PIPED_WIDTH, highlight=False)
    told = {key: report[key] for key in ("honest_weeks", "votes_per_week", "false_cases", "seed")}
    each = {"each": f"{report['false_cases_per_week']:.2f}"}
    console.print(
        _("诚实的 %(honest_weeks)s 周，平均每周 %(votes_per_week)s 票：误报 %(false_cases)s 个")
        % told
    )
    console.print(_("平均每周 %(each)s 个（预算 1 个），种子 %(seed)s") % {**told, **each})
    table = Table()
    for heading in (_("攻击"), _("查全"), _("查准"), _("票查全"), _("票查准"), _("由哪些方法发现")):
        table.add_column(heading, justify="left" if heading in (_("攻击"),) else "right")
    for one in scores:
        rates = (one.recall, one.precision, one.vote_recall, one.vote_precision)
        cells = ["—" if rate is None else f"{rate:.2f}" for rate in rates]
        table.add_row(one.attack, *cells, " ".join(one.detectors))
    console.print(table)
