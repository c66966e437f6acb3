"""Chinese for the codes that the pure engine returns."""

from core.i18n import _
from scoring.engine.result import Problem


def fault_sentence(code: str, words: tuple[str, ...]) -> str:
    """What is wrong with a row of data; `words` as `data_check` gives them."""
    if code in ("out_of_range", "off_step", "no_value", "value_without_score"):
        return _mark_sentence(code, words)
    one = {"word": words[0] if words else ""}
    return {
        "no_entrants": _("没有参赛者"),
        "repeated": _("与第 %(word)s 行重复"),
        "unknown_status": _("不认识的状态“%(word)s”"),
        "unknown_entrant": _("entrants.csv 里没有“%(word)s”"),
        "unknown_round": _("规则里没有轮次“%(word)s”"),
        "unknown_criterion": _("规则里没有评分标准“%(word)s”"),
        "unknown_metric": _("规则里没有平台数据“%(word)s”"),
        "unknown_component": _("规则里没有给分的得分项“%(word)s”"),
        "below_zero": _("票数不能为负"),
        "below_one": _("抽签名次从 1 开始"),
    }[code] % one


def _mark_sentence(code: str, words: tuple[str, ...]) -> str:
    name, low, high, step = words
    told = {"name": name, "low": low, "high": high, "step": step}
    return {
        "out_of_range": _("%(name)s 的分应在 %(low)s 到 %(high)s 之间"),
        "off_step": _("%(name)s 的分应从 %(low)s 起按 %(step)s 分一档"),
        "no_value": _("%(name)s 已评却没有分；未评请写 absent（缺席）或 recused（回避）"),
        "value_without_score": _("%(name)s 缺席或回避时不能有分"),
    }[code] % told


def problem_sentence(problem: Problem, name: str) -> str:
    """What keeps an entrant from having a result yet."""
    told = {
        "name": name,
        "round": problem.round,
        "criterion": problem.criterion,
        "judge": problem.judge,
        "detail": problem.detail,
    }
    return {
        "missing_mark": _(
            "%(name)s：轮次 %(round)s 缺评委 %(judge)s 的 %(criterion)s 分；缺席、回避须写明"
        ),
        "partial_sheet": _(
            "%(name)s：轮次 %(round)s 评委 %(judge)s 的评分表不完整，或一部分有分、一部分没有"
        ),
        "panel_too_small": _("%(name)s：轮次 %(round)s 只有 %(detail)s 位评委的分，人数不足"),
        "unequal_panel": _(
            "%(name)s：轮次 %(round)s 只有 %(detail)s 位评委的分，比别人少，求和不公"
        ),
        "no_marks": _("%(name)s：没有评委的分"),
        "missing_points": _("%(name)s：缺 %(detail)s 的给分"),
        "missing_metric": _("%(name)s：缺平台数据 %(detail)s"),
        "below_zero": _("%(name)s：%(detail)s 为负，不能这样折算"),
    }[problem.code] % told


def unranked_words(reason: str) -> str:
    """Why an entrant has no rank: a status, a failed gate, or a problem."""
    if reason.startswith("gate:"):
        return _("未过门槛 %(gate)s") % {"gate": reason.removeprefix("gate:")}
    return {"withdrawn": _("已退出"), "disqualified": _("已取消资格")}.get(reason, _("暂不能出分"))


def passed_over_words(reason: str) -> str:
    """Why an award went past an entrant."""
    kind, _sep, which = reason.partition(":")
    return {
        "gate": _("未过门槛 %(which)s"),
        "holds": _("已得 %(which)s"),
        "predicate": _("不符合本奖条件"),
    }[kind] % {"which": which}


def status_words(status: str) -> str:
    return {"scored": _("已评"), "absent": _("缺席"), "recused": _("回避")}[status]
