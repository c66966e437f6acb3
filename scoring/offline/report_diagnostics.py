"""Prints the diagnostics of a result; they inform the organiser and change nothing."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from contest.rulebooks.rules.rulebook import Rulebook
from core.exact import shown
from core.i18n import _
from scoring.engine.explain import normaliser_words
from scoring.engine.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scoring.engine.diagnostics import Diagnostics
    from scoring.engine.panel_agreement import PanelAgreement
    from scoring.engine.sensitivity import EffectiveWeight


def print_diagnostics(
    console: Console, rulebook: Rulebook, result: Result, diagnostics: "Diagnostics"
) -> None:
    names = {one.entrant: one.name for one in result.entrants}
    parts = {one.id: one.name for one in rulebook.components}
    console.print(escape("\n" + _("诊断（只供参考，不改变任何结果）")))
    console.print(weights_table(diagnostics.effective_weights, parts))
    console.print(_normalisers_table(diagnostics, parts, names))
    for component, agreement in diagnostics.panels:
        console.print(escape(_agreement_words(parts[component], agreement)), soft_wrap=True)
        console.print(_panel_table(agreement))
    console.print(_stability_table(diagnostics, names))
    if diagnostics.voids:
        console.print(_voids_table(diagnostics, names))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title)
    for column in columns:
        table.add_column(column)
    return table


def _add(table: Table, *cells: str) -> None:
    table.add_row(*(escape(cell) for cell in cells))


def _number(value: float | None, decimals: int = 2) -> str:
    return "—" if value is None else f"{value:.{decimals}f}"


def _yes(value: bool) -> str:
    return _("会") if value else _("不会")


def weights_table(weights: "Iterable[EffectiveWeight]", parts: dict[str, str]) -> Table:
    table = _table(_("有效权重"), _("得分项"), _("规则权重"), _("占总分方差"))
    for one in weights:
        share = "—" if one.effective is None else f"{float(one.effective):.1f}%"
        _add(table, parts[one.component], shown(one.nominal), share)
    return table


def _normalisers_table(
    diagnostics: "Diagnostics", parts: dict[str, str], names: dict[str, str]
) -> Table:
    table = _table(
        _("换一种折算"), _("得分项"), _("折算"), _("第一名"), _("第一名会变"), _("获奖会变")
    )
    for one in diagnostics.other_normalisers:
        leaders = "、".join(names[leader] for leader in one.leaders)
        changes = (_yes(one.leader_changes), _yes(one.awards_change))
        _add(table, parts[one.component], normaliser_words(one.kind), leaders, *changes)
    return table


def _agreement_words(name: str, agreement: "PanelAgreement") -> str:
    return _("%(name)s：肯德尔 W %(w)s，ICC(2,1) %(icc)s（%(judges)s 位评委，%(n)s 位参赛者）") % {
        "name": name,
        "w": _number(agreement.kendalls_w),
        "icc": _number(agreement.icc),
        "judges": agreement.judges,
        "n": agreement.entrants,
    }


def _panel_table(agreement: "PanelAgreement") -> Table:
    columns = (_("评委"), _("与其余评委的秩相关"), _("反向的概率 p"), _("偏宽偏严"))
    table = _table(_("各评委"), *columns)
    for one in agreement.by_judge:
        cells = (_number(one.correlation), _number(one.reversed_p, 3), _number(one.bias))
        _add(table, one.judge, *cells)
    return table


def _stability_table(diagnostics: "Diagnostics", names: dict[str, str]) -> Table:
    title = _("重抽评委 %(n)s 次（种子 %(seed)s）时的名次") % {
        "n": diagnostics.resamples,
        "seed": diagnostics.seed,
    }
    table = _table(title, _("参赛者"), _("名次"), _("九成在"), _("同名次"), _("获奖"))
    for one in diagnostics.rank_stability:
        span = f"{one.low}–{one.high}"
        shares = (f"{one.same:.0%}", f"{one.awarded:.0%}")
        _add(table, names[one.entrant], str(one.rank), span, *shares)
    return table


def _voids_table(diagnostics: "Diagnostics", names: dict[str, str]) -> Table:
    table = _table(_("如果作废票有效"), _("参赛者"), _("作废票"), _("名次会变的"), _("获奖会变"))
    for one in diagnostics.voids:
        who = names.get(one.entrant, _("全部"))
        moved = "、".join(names[entrant] for entrant in one.moved) or "—"
        _add(table, who, str(one.voided), moved, _yes(one.awards_change))
    return table
