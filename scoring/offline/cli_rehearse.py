"""`shibaiqian rehearse`: the effective weights of a rulebook's components, before it is fixed.

Organisers need to see them while the rulebook can still be changed: under `ratio_to_max` votes of
nominally 30 % may decide nearly everything.
"""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from contest.rulebooks.rules.rulebook import Rulebook
from core.exact import exact_text
from core.i18n import _
from scoring.offline.cli_score import refuse
from scoring.offline.reading import OfflineError, read_rulebook
from scoring.offline.report import report_console
from scoring.offline.report_diagnostics import weights_table

if TYPE_CHECKING:
    from scoring.engine.sensitivity import EffectiveWeight


@click.command("rehearse")
@click.argument("rulebook_file", metavar="RULEBOOK", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.option("--draws", default=20, show_default=True, type=click.IntRange(1, 1000), help="次数")
@click.option("--seed", default=1, show_default=True, help="随机数种子")
def rehearse(rulebook_file: Path, as_json: bool, draws: int, seed: int) -> None:
    """规则定稿前，用虚构数据试算：每个得分项实际左右了总分的多少。

    数据是常见的样子：评委打分集中，票数和平台数据相差悬殊。每次换一组数据，取平均。
    """
    try:
        rulebook = read_rulebook(rulebook_file)
    except OfflineError as error:
        refuse(error)
    weights = average_weights(rulebook, draws, seed)
    if as_json:
        click.echo(json.dumps({one.component: _share(one) for one in weights}, ensure_ascii=False))
        return
    console = report_console()
    parts = {one.id: one.name for one in rulebook.components}
    console.print(weights_table(weights, parts))
    console.print(_("由 %(n)s 组虚构数据试算；两列相差很大时，请换一种折算方法") % {"n": draws})


def average_weights(rulebook: Rulebook, draws: int, seed: int) -> list["EffectiveWeight"]:
    """Each component's effective weight, the mean over `draws` made-up contests; None where
    any of them has no variance to share."""
    # numpy and scipy take seconds to load, and the other commands need neither.
    from scoring.engine.compute import score
    from scoring.engine.rehearsal import rehearsal_data
    from scoring.engine.sensitivity import effective_weights

    rounds = [
        effective_weights(score(rulebook, rehearsal_data(rulebook, seed=seed + draw)))
        for draw in range(draws)
    ]
    return [
        replace(of_one[0], effective=_mean([one.effective for one in of_one]))
        for of_one in zip(*rounds, strict=True)
    ]


def _mean(shares: list[Fraction | None]) -> Fraction | None:
    known = [one for one in shares if one is not None]
    return sum(known, Fraction(0)) / len(shares) if len(known) == len(shares) else None


def _share(one: "EffectiveWeight") -> dict[str, float | str | None]:
    effective = None if one.effective is None else round(float(one.effective), 2)
    return {"nominal": exact_text(one.nominal), "effective": effective}
