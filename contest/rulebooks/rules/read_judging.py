"""Reads the judges' part of a rulebook: criteria, rounds, and how a panel is taken."""

from fractions import Fraction

from contest.rulebooks.rules.read_components import read_normaliser, read_rounding
from contest.rulebooks.rules.vocabulary import Aggregate, Criterion, Judging, JudgingRounding, Round
from core.i18n import _
from core.toml_reader import Table

METHODS = ("mean", "median", "trimmed_mean", "trimmed_sum", "sum", "sum_of_ranks")
ONLY_ROUND = Round("main", "评审", Fraction(1), carried_forward=True)
"""The round of a contest whose rulebook names none."""


def read_judging(table: Table) -> Judging:
    rounding = _read_rounding(table.table("rounding"))
    judging = Judging(
        aggregate_over=table.choice("aggregate_over", ("sheet", "criterion")),
        aggregate=_read_aggregate(table.table("aggregate", required=True)),
        minimum_panel=table.integer("minimum_panel", 1, 1000, 1),
        panel_size=table.optional_integer("panel_size", 1, 1000),
        missing_marks=table.choice("missing_marks", ("refuse", "absent"), "refuse"),
        judge_normaliser=read_normaliser(table, "judge_normaliser", rounding.mark),
        rounding=rounding,
        criteria=tuple(_read_criterion(inner) for inner in table.tables("criteria")),
        rounds=tuple(_read_round(inner) for inner in table.tables("rounds")) or (ONLY_ROUND,),
    )
    table.refuse_unknown()
    if not judging.criteria:
        table.error("criteria", _("至少要有一项评分标准"))
    if judging.panel_size is not None and judging.panel_size < judging.minimum_panel:
        table.error("panel_size", _("评委人数不能少于最低人数"))
    return judging


def _read_criterion(table: Table) -> Criterion:
    criterion = Criterion(
        id=table.id(),
        name=table.text("name"),
        low=table.number("min"),
        high=table.number("max"),
        step=table.optional_number("step"),
        factor=table.number("factor", Fraction(1)),
    )
    table.refuse_unknown()
    if criterion.low >= criterion.high:
        table.error("max", _("最高分须大于最低分"))
    if criterion.step is not None and criterion.step <= 0:
        table.error("step", _("分档须大于零"))
    elif criterion.step and (criterion.high - criterion.low) % criterion.step:
        table.error("step", _("从最低分按分档数上去，须正好到最高分"))
    return criterion


def _read_round(table: Table) -> Round:
    one = Round(
        id=table.id(),
        name=table.text("name"),
        multiplier=table.number("multiplier", Fraction(1)),
        carried_forward=table.flag("carried_forward", default=True),
        multiplier_on=table.choice("multiplier_on", ("sum", "each"), "sum"),
    )
    table.refuse_unknown()
    return one


def _read_aggregate(table: Table | None) -> Aggregate:
    if table is None:
        return Aggregate("mean")
    method = table.choice("method", METHODS)
    high = low = 0
    better = "higher"
    if method == "sum_of_ranks":
        better = table.choice("better", ("higher", "lower"), "higher")
    if method in ("trimmed_mean", "trimmed_sum"):
        high = table.integer("drop_high", 0, 100)
        low = table.integer("drop_low", 0, 100)
        if high + low == 0:
            table.error("", _("去掉最高分和最低分的个数不能都为零"))
    least = table.integer("min_marks", 1, 1000, high + low + 1)
    if least <= high + low:
        table.error("min_marks", _("去分之后至少要剩一个分"))
    table.refuse_unknown()
    return Aggregate(method, high, low, least, better)


def _read_rounding(table: Table | None) -> JudgingRounding:
    if table is None:
        return JudgingRounding()
    rounding = JudgingRounding(
        mark=read_rounding(table, "mark"),
        sheet=read_rounding(table, "sheet"),
        aggregate=read_rounding(table, "aggregate"),
        product=read_rounding(table, "product"),
        round=read_rounding(table, "round"),
    )
    table.refuse_unknown()
    return rounding
