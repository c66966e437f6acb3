"""The judges' part and the components of a rulebook, as Chinese sentences."""

from contest.rulebooks.rules.vocabulary import Aggregate, Component, Criterion, Judging, Normaliser
from core.exact import Rounding, exact_text
from core.i18n import _

_MODES = {
    "half_up": _("四舍五入"),
    "half_even": _("四舍六入五成双"),
    "half_down": _("五舍六入"),
    "up": _("向上进位"),
    "down": _("直接舍去"),
    "ceiling": _("向上取整"),
    "floor": _("向下取整"),
}


def rounding_words(rounding: Rounding) -> str:
    """保留两位小数（四舍五入）, with the mode always named."""
    mode = _MODES[rounding.mode]
    if rounding.decimals == 0:
        return _("取整数（%(mode)s）") % {"mode": mode}
    return _("保留 %(n)s 位小数（%(mode)s）") % {"n": rounding.decimals, "mode": mode}


def judging_words(judging: Judging) -> tuple[str, ...]:
    seats = (
        _("评委 %(size)s 位，至少 %(least)s 位评分才出分。")
        % {"size": judging.panel_size, "least": judging.minimum_panel}
        if judging.panel_size
        else _("至少 %(least)s 位评委评分才出分。") % {"least": judging.minimum_panel}
    )
    criteria = "；".join(_criterion(one) for one in judging.criteria)
    sentences = [seats, _("评分项目：%(criteria)s。") % {"criteria": criteria}]
    if len(judging.rounds) > 1:
        rounds = "、".join(one.name for one in judging.rounds)
        sentences.append(
            _("分 %(n)s 轮评审：%(rounds)s。") % {"n": len(judging.rounds), "rounds": rounds}
        )
    sentences.append(_aggregate(judging))
    absent = {
        "refuse": _("评委缺席或回避须写明，不计入平均；漏填的分不会当作零分。"),
        "absent": _("没有填写的分按缺席处理，不计入平均，也不当作零分。"),
    }
    sentences.append(absent[judging.missing_marks])
    return tuple(sentences)


def component_words(component: Component) -> list[str]:
    """How a component's figure becomes points; no sentence where it is used unchanged."""
    sentences = []
    if component.source == "metrics":
        metrics = "、".join(
            _("%(name)s %(weight)s%%") % {"name": one.name, "weight": exact_text(one.weight)}
            for one in component.metrics
        )
        sentences.append(
            _("%(name)s由这些核验过的数据组成：%(metrics)s。")
            % {"name": component.name, "metrics": metrics}
        )
        kinds = dict.fromkeys(one.normaliser for one in component.metrics)
        sentences.extend(
            _("其中各项数据：%(how)s。") % {"how": normaliser_words(one)}
            for one in kinds
            if one.kind != "none"
        )
    if component.normaliser.kind != "none":
        told = normaliser_words(component.normaliser)
        sentences.append(_("%(name)s：%(how)s。") % {"name": component.name, "how": told})
    if component.rounding:
        sentences.append(
            _("%(name)s得分%(rounding)s。")
            % {"name": component.name, "rounding": rounding_words(component.rounding)}
        )
    return sentences


def normaliser_words(normaliser: Normaliser) -> str:
    """How a figure becomes points."""
    told = {
        "top": exact_text(normaliser.top),
        "bottom": exact_text(normaliser.bottom),
        "centre": exact_text(normaliser.centre),
        "spread": exact_text(normaliser.spread),
        "step": exact_text(normaliser.step),
        "table": "、".join(exact_text(one) for one in normaliser.table),
    }
    if normaliser.kind == "rank_points" and normaliser.table:
        return _("按名次依次得 %(table)s 分") % told
    return {
        "none": _("按原数计分"),
        "ratio_to_max": _("最多者得 %(top)s 分，其余按比例折算"),
        "share_of_total": _("按占总数的比例折算，合计 %(top)s 分"),
        "min_max": _("最高者 %(top)s 分，最低者 %(bottom)s 分，其余按比例落在中间"),
        "rank_points": _("第一名 %(top)s 分，每后一名减 %(step)s 分，最低 %(bottom)s 分"),
        "z_score": _("按与平均数的差距折算，平均 %(centre)s 分，每一个标准差 %(spread)s 分"),
        "log_ratio": _("取对数后，最多者得 %(top)s 分，其余按比例折算"),
    }[normaliser.kind] % told


def _criterion(criterion: Criterion) -> str:
    told = {
        "name": criterion.name,
        "low": exact_text(criterion.low),
        "high": exact_text(criterion.high),
        "step": exact_text(criterion.step) if criterion.step is not None else "",
        "factor": exact_text(criterion.factor),
    }
    words = _("%(name)s %(low)s–%(high)s 分")
    if criterion.step is not None:
        words += _("（每 %(step)s 分一档）")
    if criterion.factor != 1:
        words += _("，乘以 %(factor)s")
    return words % told


def _aggregate(judging: Judging) -> str:
    aggregate: Aggregate = judging.aggregate
    over = _("每位评委各项相加后，") if judging.aggregate_over == "sheet" else _("每个评分项目分别")
    how = {
        "mean": _("取全体评委的平均分"),
        "median": _("取全体评委的中位数"),
        "trimmed_mean": _("去掉 %(high)s 个最高分和 %(low)s 个最低分，其余取平均"),
        "trimmed_sum": _("去掉 %(high)s 个最高分和 %(low)s 个最低分，其余相加"),
        "sum": _("把全体评委的分相加"),
        "sum_of_ranks": _("按每位评委排出的名次相加，名次之和小者在前"),
    }[aggregate.method] % {"high": aggregate.drop_high, "low": aggregate.drop_low}
    rounding = judging.rounding.aggregate
    end = "，" + rounding_words(rounding) if rounding else ""
    return over + how + end + "。"
