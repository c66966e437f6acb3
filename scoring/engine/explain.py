"""How a result came about, step by step and in Chinese: the same lines for a page, a PDF and the
terminal."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from contest.rulebooks.rules.rulebook import Rulebook
from contest.rulebooks.rules.vocabulary import Component
from core.exact import exact_text, shown
from core.i18n import _
from scoring.engine.result import (
    ComponentFigure,
    EntrantResult,
    KeyFigure,
    MarkFigure,
    PanelFigure,
    RoundFigure,
)
from scoring.engine.words import status_words

_ONE = Fraction(1)


@dataclass(frozen=True)
class WorkingLine:
    """One line of working. `depth` is its indentation from 0; `value` is for reading and ends
    in … where the exact figure goes on."""

    depth: int
    label: str
    working: str
    value: str


def working_lines(rulebook: Rulebook, one: EntrantResult) -> tuple[WorkingLine, ...]:
    """Every figure of an entrant, from the marks to the rank; none without a total."""
    if one.total is None or one.exact_total is None:
        return ()
    lines: list[WorkingLine] = []
    for figure in one.components:
        lines += _component_lines(rulebook, figure)
    parts = " + ".join(shown(figure.contribution) for figure in one.components)
    lines.append(WorkingLine(0, _("总分"), parts, _arrow(one.exact_total, one.total)))
    lines += [_key_line(rulebook, key) for key in one.keys]
    return tuple(lines)


def _arrow(before: Fraction, after: Fraction) -> str:
    """Before → after a rounding, or the one figure where they are the same."""
    return shown(after) if before == after else f"{shown(before)} → {exact_text(after)}"


def _component_lines(rulebook: Rulebook, figure: ComponentFigure) -> Iterator[WorkingLine]:
    component = rulebook.component(figure.component)
    yield WorkingLine(0, component.name, source_words(component.source), shown(figure.raw))
    for one in figure.rounds:
        yield from _round_lines(rulebook, one)
    yield from _metric_lines(component, figure)
    for points in figure.points:
        note = "" if points.counted else _("不带入下一轮")
        label = " ".join(part for part in (points.round, points.item) if part) or _("给分")
        yield WorkingLine(1, label, note, shown(points.value))
    if component.normaliser.kind != "none" or figure.normalised != figure.value:
        working = normaliser_words(component.normaliser.kind)
        yield WorkingLine(1, _("折算"), working, _arrow(figure.normalised, figure.value))
    if rulebook.total.combine == "weighted" or figure.weight != _ONE:
        percent = "%" if rulebook.total.combine == "weighted" else ""
        working = f"{shown(figure.value)} × {exact_text(figure.weight)}{percent}"
        yield WorkingLine(1, _("权重"), working, _arrow(figure.weighted, figure.contribution))


def _round_lines(rulebook: Rulebook, one: RoundFigure) -> Iterator[WorkingLine]:
    judging = rulebook.judging
    assert judging is not None, "rounds come from [judging]"
    name = next(item.name for item in judging.rounds if item.id == one.round)
    working = f"{shown(one.sum)} × {exact_text(one.multiplier)}" if one.multiplier != _ONE else ""
    if not one.counted:
        working = " ".join(part for part in (working, _("（不带入下一轮）")) if part)
    yield WorkingLine(1, name, working, _arrow(one.product, one.value))
    for panel in one.panels:
        names = {item.id: item.name for item in judging.criteria}
        label = names.get(panel.criterion, _("评分表合计"))
        marks = "、".join(_mark_words(mark) for mark in panel.marks)
        yield WorkingLine(2, label, marks, _arrow(panel.aggregate, panel.rounded))
        yield from _factor_line(panel)
        yield from _sheet_lines(panel, names)


def _factor_line(panel: PanelFigure) -> Iterator[WorkingLine]:
    if panel.factor != _ONE or panel.product != panel.value:
        working = f"{shown(panel.rounded)} × {exact_text(panel.factor)}"
        yield WorkingLine(3, _("乘系数"), working, _arrow(panel.product, panel.value))


def _sheet_lines(panel: PanelFigure, names: dict[str, str]) -> Iterator[WorkingLine]:
    for mark in panel.marks:
        if len(mark.parts) > 1 and mark.value is not None:
            parts = "、".join(f"{names[key]} {shown(value)}" for key, value in mark.parts)
            yield WorkingLine(3, mark.judge, parts, shown(mark.value))


def _mark_words(mark: MarkFigure) -> str:
    if mark.value is None or mark.used is None:
        return f"{mark.judge} {status_words(mark.status)}"
    taken = "" if mark.used == mark.value else f" → {shown(mark.used)}"
    dropped = {"high": _("（去最高）"), "low": _("（去最低）"), "": ""}[mark.dropped]
    return f"{mark.judge} {shown(mark.value)}{taken}{dropped}"


def _metric_lines(component: Component, figure: ComponentFigure) -> Iterator[WorkingLine]:
    metrics = {metric.id: metric for metric in component.metrics}
    for one in figure.metrics:
        metric = metrics[one.metric]
        how = normaliser_words(metric.normaliser.kind)
        scored = _arrow(one.normalised, one.value)
        working = f"{shown(one.raw)} {how} {scored} × {exact_text(one.weight)}%"
        yield WorkingLine(1, metric.name, working, shown(one.weighted))


def _key_line(rulebook: Rulebook, key: KeyFigure) -> WorkingLine:
    outcome = _("分出先后") if key.decided else _("仍相同")
    value = _("无") if key.value is None else shown(key.value)
    label = _("同分第 %(step)s 步：%(key)s") % {
        "step": key.step,
        "key": key_words(rulebook, key.key, key.id),
    }
    return WorkingLine(0, label, outcome, value)


def source_words(source: str) -> str:
    return {
        "judges": _("评委分"),
        "votes": _("有效票"),
        "metrics": _("平台数据"),
        "points": _("给分"),
    }[source]


def normaliser_words(kind: str) -> str:
    """A normaliser's name as a reader knows it."""
    return {
        "none": _("不折算"),
        "ratio_to_max": _("按最高者的比例"),
        "share_of_total": _("按占总数的比例"),
        "min_max": _("按最低到最高的位置"),
        "rank_points": _("按名次给分"),
        "z_score": _("标准分"),
        "log_ratio": _("按对数比例"),
    }[kind]


def key_words(rulebook: Rulebook, key: str, which: str) -> str:
    """A tie key's name, with the rulebook's name of what it looks at."""
    plain = {
        "votes": _("票数"),
        "untrimmed_mean": _("不去分的平均分"),
        "count_of_marks": _("某一分数的个数"),
        "unrounded_total": _("未取整的总分"),
        "draw": _("公开抽签"),
    }
    return plain.get(key) or _names(rulebook, key)[which]


def _names(rulebook: Rulebook, key: str) -> dict[str, str]:
    """The names a tie key chooses among; one id may name a component and a criterion."""
    judging = rulebook.judging
    if key == "component":
        return {one.id: one.name for one in rulebook.components}
    if key == "metric":
        return {metric.id: metric.name for one in rulebook.components for metric in one.metrics}
    if key == "criterion":
        return {one.id: one.name for one in (judging.criteria if judging else ())}
    return {one.id: one.name for one in (judging.rounds if judging else ())}
