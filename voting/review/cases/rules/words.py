"""A case in words and charts, for the people who decide about it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from core.beijing import BEIJING
from core.i18n import _
from voting.review.cases.rules.chart import BLUE, GREY, ORANGE, Line, series_chart, share_chart

DETECTOR_NAMES = {
    "burst": _("短时突增"),
    "prefix": _("集中于一个网段"),
    "device": _("一机多号"),
    "same_minute": _("每天同一分钟"),
    "pace": _("间隔过于均匀"),
    "fresh_run": _("连续新号"),
    "once": _("一次性账号"),
    "only": _("只投一人"),
    "night": _("深夜不停"),
}
_SENTENCES = {
    "burst": _(
        "%(span)s内得 %(observed)s 票，按他的过去和别人的现在应有约 %(expected)s 票，随后骤停"
    ),
    "prefix": _(
        "同一网段的票几乎都投给他：%(observed)s 票，按各网段的常情应有 %(expected)s 票左右"
    ),
    "device": _("%(observed)s 票来自登录过六个以上账号的设备，别的候选人相当于 %(expected)s 票"),
    "same_minute": _("%(observed)s 人每天都在同一分钟投票，别的候选人相当于 %(expected)s 人"),
    "pace": _("同一网段连续 %(observed)s 票的间隔均匀得不像人在投"),
    "fresh_run": _("连续 %(observed)s 票都来自刚注册、此后不再投票的账号"),
    "once": _("一天里有 %(observed)s 人刚注册、只投一票、不再来，别的候选人相当于 %(expected)s 人"),
    "only": _("%(observed)s 人多次投票而从不投别人，别的候选人相当于 %(expected)s 人"),
    "night": _("零点到六点得 %(observed)s 票，按别的候选人的作息应有 %(expected)s 票左右"),
}
_DAY = timedelta(days=1)
_MOST_TICKS = 5
_TICK_STEPS = (
    *(timedelta(minutes=n) for n in (1, 2, 5, 10, 15, 30)),
    *(timedelta(hours=n) for n in (1, 2, 3, 6, 12)),
    *(n * _DAY for n in (1, 2, 3, 7)),
)
_SHARE_NAMES = {
    "devices": _("来自一机多号"),
    "fresh": _("投票时刚注册"),
    "single": _("只投过这一人"),
}


def sentence(finding: Mapping[str, Any]) -> str:
    """One finding, with its numbers."""
    words = {
        "observed": round(finding["observed"]),
        "expected": round(finding["expected"]),
        "span": _span(finding["last"] - finding["first"]),
    }
    return _SENTENCES[finding["detector"]] % words


def chance(q: float) -> str:
    """How likely such a thing is among honest votes, all that was looked at considered."""
    if q < 1e-6:
        return _("小于百万分之一")
    if q > 1 / 2:
        return _("不小")
    return _("约 %(n)s 分之一") % {"n": f"{round(1 / q):,}"}


def time_chart(chart: Mapping[str, Any], beginning: datetime, name: str) -> str:
    """The entrant's votes against the baseline, as SVG."""
    minutes = chart["width"]
    unit = _("票/分钟") if minutes == 1 else _("票/%(n)s分钟") % {"n": minutes}
    start = beginning + timedelta(seconds=chart["start"])
    lines = [
        Line(_("超过即少见"), chart["threshold"], GREY, dashed=True),
        Line(_("应有票数"), chart["expected"], ORANGE),
        Line(_("实得票数"), chart["counts"], BLUE),
    ]
    ticks = _clock_ticks(start.astimezone(BEIJING), minutes, len(chart["counts"]))
    return series_chart(_("%(name)s 的得票与应有票数") % {"name": name}, lines, ticks, unit)


def _clock_ticks(start: datetime, minutes: int, count: int) -> list[tuple[float, str]]:
    """Round moments of Beijing below `count` points of so many minutes; the day with the first
    moment of each."""
    last = start + timedelta(minutes=minutes * (count - 1))
    step = next((one for one in _TICK_STEPS if (last - start) / one < _MOST_TICKS), _TICK_STEPS[-1])
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight + -(-(start - midnight) // step) * step
    ticks: list[tuple[float, str]] = []
    day = None
    while at <= last:
        form = "%H:%M" if at.date() == day else "%m-%d" if step >= _DAY else "%m-%d %H:%M"
        day = at.date()
        ticks.append(((at - start) / timedelta(minutes=minutes), f"{at:{form}}"))
        at += step
    return ticks


def signal_chart(chart: Mapping[str, Any]) -> str:
    """Prefixes, devices and accounts of the case's votes beside everybody else's, as SVG."""
    rows = [(_share_name(name), one, other) for name, one, other in chart["shares"]]
    return share_chart(_("网段、设备和账号"), rows, (_("本案"), _("其余选票")))


def _share_name(name: str) -> str:
    if name.startswith("prefix "):
        return _("来自网段 %(n)s") % {"n": "ABCDEFGH"[int(name.removeprefix("prefix ")) - 1]}
    return _SHARE_NAMES[name]


def _span(seconds: int) -> str:
    if seconds < 60:
        return _("%(n)s 秒") % {"n": seconds}
    return _("%(n)s 分钟") % {"n": round(seconds / 60)}
