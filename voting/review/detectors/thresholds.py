"""Every threshold of the detectors, and why it is where it is.

They were set on simulated honest weeks (`shibaiqian simulate`), so that an honest week of
100,000 votes makes at most one case, and then measured on other seeds: docs/fraud.md.
"""

from dataclasses import dataclass, field
from types import MappingProxyType

from core.i18n import _


@dataclass(frozen=True)
class Thresholds:
    """Defaults are the ones in use; a value is replaced, not edited."""

    false_discovery: float = 0.001
    burst_excess: dict[int, int] = field(default_factory=lambda: {1: 80, 3: 120, 10: 150, 40: 250})
    burst_ratio: float = 4.0
    burst_fall_minutes: int = 9
    night_excess: int = 100
    night_ratio: float = 2.0
    prefix_votes: int = 150
    prefix_purity: float = 0.92
    device_accounts: int = 6
    device_votes: int = 60
    pace_votes: int = 40
    pace_spread: float = 0.6
    same_minute_voters: int = 40
    same_minute_seconds: int = 90
    fresh_minutes: int = 30
    fresh_run: int = 45
    once_excess: int = 150
    once_margin: float = 0.2
    only_excess: int = 150
    only_margin: float = 0.2


DEFAULT = Thresholds()

REASONS = MappingProxyType(
    {
        "false_discovery": _("同时检查几十万个“候选人×时段”，按这个错误发现率（BH 法）取舍"),
        "burst_excess": _("各种时长内至少多出的票数；已知的真实刷票最少一次是 4 分钟 217 票"),
        "burst_ratio": _("还须是平常的四倍以上：热门候选人多出一百票不算异常"),
        "burst_fall_minutes": _("突增之后几分钟内跌回平常才算；电视、转发带来的人会拖半小时以上"),
        "night_excess": _("零点到六点多出的票数；再少就影响不了名次，也分不清"),
        "night_ratio": _("夜间所占比例是别的候选人的几倍；夜班的人有，但不会都投一人"),
        "prefix_votes": _("同一网段至少这么多票；一个礼堂三百人、一个村上千人共用网段都属正常"),
        "prefix_purity": _("同一网段里投给同一人的比例；礼堂和村里总有人投别人"),
        "device_accounts": _("一台设备上的账号数；一家三代共用一部手机也少有超过五个"),
        "device_votes": _("来自这类设备的票数"),
        "pace_votes": _("间隔均匀得不像人的连续票数，少于此数不检验"),
        "pace_spread": _("间隔的方差与均值平方之比；各投各的接近 1，脚本远小于 1"),
        "same_minute_voters": _("每天都在同一分钟投票的人数"),
        "same_minute_seconds": _("各天投票时刻相差不超过的秒数；习惯使然的人会差十几分钟"),
        "fresh_minutes": _("注册多久以内算新号"),
        "fresh_run": _("连续多少票都来自投完不再来的新号；电视宣传带来的人里总有再来的、投别人的"),
        "once_excess": _("“注册、投一票、不再来”的人比别的候选人多出的人数"),
        "once_margin": _("所占比例比别的候选人高出多少；节目带来的新人也有一半会再来或另投"),
        "only_excess": _("多次投票却从不投别人的人比别的候选人多出的人数"),
        "only_margin": _("所占比例比别的候选人高出多少；铁杆支持者每人都有"),
    }
)
