"""Reads rounding steps, normalisers, components and the total from a rulebook."""

from fractions import Fraction

from contest.rulebooks.rules.vocabulary import (
    IRRATIONAL_NORMALISERS,
    LOWER_CAN_LEAD,
    NORMALISERS,
    Component,
    MetricWeight,
    Normaliser,
    Total,
)
from core.exact import MODES, Rounding
from core.i18n import _
from core.toml_reader import Table

HUNDRED = Fraction(100)
SOURCES = ("judges", "votes", "metrics", "points")
_KEYS_OF_KIND = {
    "none": (),
    "ratio_to_max": ("top",),
    "share_of_total": ("top",),
    "log_ratio": ("top",),
    "min_max": ("top", "bottom", "flat"),
    "rank_points": ("table", "top", "step", "bottom", "shared"),
    "z_score": ("centre", "spread"),
}


def read_rounding(table: Table, key: str) -> Rounding | None:
    inner = table.table(key)
    if inner is None:
        return None
    rounding = Rounding(inner.integer("decimals", 0, 12), inner.choice("mode", MODES, "half_up"))
    inner.refuse_unknown()
    return rounding


def read_normaliser(table: Table, key: str, rounding: Rounding | None) -> Normaliser:
    """`rounding` is the step through which the result enters; see IRRATIONAL_NORMALISERS."""
    inner = table.table(key)
    if inner is None:
        return Normaliser()
    kind = inner.choice("kind", NORMALISERS)
    better = inner.choice("better", ("higher", "lower"), "higher")
    normaliser = _read_parameters(inner, kind, better)
    inner.refuse_unknown()
    if better == "lower" and kind not in LOWER_CAN_LEAD:
        inner.error("better", _("这种折算办法不能以小为好"))
    if kind in IRRATIONAL_NORMALISERS and rounding is None:
        inner.error("kind", _("这种折算的结果除不尽，必须同时写明取整步骤（rounding）"))
    return normaliser


def _read_parameters(inner: Table, kind: str, better: str) -> Normaliser:
    given = set(_KEYS_OF_KIND[kind])
    top = inner.number("top", HUNDRED) if "top" in given else HUNDRED
    bottom = inner.number("bottom", Fraction(0)) if "bottom" in given else Fraction(0)
    table = inner.numbers("table") if "table" in given else ()
    step = inner.number("step", Fraction(0)) if "step" in given else Fraction(0)
    spread = inner.number("spread", Fraction(10)) if "spread" in given else Fraction(10)
    if kind == "rank_points" and bool(table) == inner.has("step"):
        inner.error("", _("名次分须写 table（各名次的分）或 step（每名递减），二者选一"))
    if kind == "min_max" and bottom >= top:
        inner.error("bottom", _("下限须小于上限"))
    if top <= 0 or spread <= 0 or step < 0:
        inner.error("", _("上限、离散度须大于零，递减不能为负"))
    return Normaliser(
        kind=kind,
        better=better,
        top=top,
        bottom=bottom,
        flat=inner.number("flat", top) if "flat" in given else top,
        table=table,
        step=step,
        shared=inner.choice("shared", ("best", "average"), "best") if table or step else "best",
        centre=inner.number("centre", Fraction(50)) if "centre" in given else Fraction(50),
        spread=spread,
    )


def read_component(table: Table, combine: str) -> Component:
    source = table.choice("source", SOURCES)
    rounding = read_rounding(table, "rounding")
    narrowed = source == "judges"
    can_miss = source in ("points", "metrics")
    component = Component(
        id=table.id(),
        name=table.text("name"),
        source=source,
        weight=table.number("weight", Fraction(1) if combine == "sum" else None),
        normaliser=read_normaliser(table, "normaliser", rounding),
        rounding=rounding,
        weighted_rounding=read_rounding(table, "weighted_rounding"),
        missing=table.choice("missing", ("refuse", "zero"), "refuse") if can_miss else "refuse",
        metrics=_read_metrics(table) if source == "metrics" else (),
        criteria=table.texts("criteria") if narrowed else (),
        rounds=table.texts("rounds") if narrowed else (),
    )
    table.refuse_unknown()
    return component


def _read_metrics(table: Table) -> tuple[MetricWeight, ...]:
    metrics = []
    for inner in table.tables("metrics"):
        rounding = read_rounding(inner, "rounding")
        metrics.append(
            MetricWeight(
                id=inner.id(),
                name=inner.text("name"),
                weight=inner.number("weight"),
                normaliser=read_normaliser(inner, "normaliser", rounding),
                rounding=rounding,
            )
        )
        inner.refuse_unknown()
    if not metrics:
        table.error("metrics", _("至少要有一项平台数据"))
    elif sum(metric.weight for metric in metrics) != HUNDRED:
        table.error("metrics", _("各项平台数据的权重之和须为 100"))
    return tuple(metrics)


def read_total(table: Table | None) -> Total:
    if table is None:
        return Total("weighted", None, "highest_first", (), later_round_first=False)
    total = Total(
        combine=table.choice("combine", ("weighted", "sum"), "weighted"),
        rounding=read_rounding(table, "rounding"),
        order=table.choice("order", ("highest_first", "lowest_first"), "highest_first"),
        points_by_rank=table.numbers("points_by_rank"),
        later_round_first=table.flag("later_round_first", default=False),
    )
    table.refuse_unknown()
    return total
