"""The demo's fund: a year's budget, and entitlements in every state."""

from datetime import date, datetime, timedelta

from core.beijing import BEIJING, beijing_day
from core.i18n import _
from core.runtime import Runtime
from demo.people import demo_actor
from fund.budget import service as budget
from fund.budget.service import NewLine
from fund.entitlements import service as entitlements
from fund.in_kind import service as in_kind
from fund.in_kind.rules import Arrangement
from fund.payments import results
from fund.payments import service as payments
from fund.payments.rules import BankAccount
from fund.rules.entitlement import Entitlement, InKindPart, NewEntitlement, Source

_YEAR_BUDGET = 200_000_000
_PRIZE = 2_000_000
_VILLAGE = 10_000_000
_HALF_A_YEAR = timedelta(days=182)
_WINNERS = (
    "林小禾",
    "赫哲阿妹",
    "江边老周",
    "稻田姐姐",
    "三江渔哥",
    "东极小陈",
    "街津口阿依",
    "乐业大刘",
)
_SOURCE = Source(
    "certified_result", "sha256:" + "5e" * 32, "2025 年十佳同江代言人评选结果", "/c/top-ten-2025"
)
_VILLAGE_SOURCE = Source("approved_claim", "sha256:" + "7a" * 32, "网红村建设补贴核准意见")


def _award(year: int, number: int, name: str, today: date) -> NewEntitlement:
    return NewEntitlement(
        key=f"demo/{year}/award/{number}",
        year=year,
        beneficiary=name,
        measure="top_ten_spokesperson",
        measure_name=_("十佳同江代言人评选"),
        title=_("十佳同江代言人"),
        gross=_PRIZE,
        tax_category="contingent_income",
        source=_SOURCE,
        in_kind=(
            InKindPart(
                "bus_stop_advertising",
                _("同江市域公交站牌广告位半年"),
                _("市交通运输局"),
                today + timedelta(days=30),
            ),
            InKindPart(
                "interview",
                _("对接佳木斯市级媒体专访"),
                _("市人力资源和社会保障局"),
                today - timedelta(days=3) if number == 1 else today + timedelta(days=60),
            ),
        ),
    )


def _village(year: int, number: int) -> NewEntitlement:
    return NewEntitlement(
        key=f"demo/{year}/village/{number}",
        year=year,
        beneficiary=_("第%(n)s网红村村委会") % {"n": number},
        measure="village_studio_subsidy",
        measure_name=_("网红村建设补贴"),
        title=_("网红村建设补贴"),
        gross=_VILLAGE,
        tax_category="none",
        source=_VILLAGE_SOURCE,
    )


async def seed(runtime: Runtime) -> None:
    """A budget of two million yuan for the year, spent so far that the last ones wait; once."""
    now = runtime.clock.now()
    year = beijing_day(now).year
    if await budget.lines(year):
        return
    january = datetime(year, 1, 1, tzinfo=BEIJING)

    def at(share: float) -> datetime:
        """A moment of the part of the year that has passed."""
        return january + (now - january) * share

    first, second = await demo_actor("finance"), await demo_actor("finance2")
    grounds = _("“十百千”网红达人培育政策扶持实施方案")
    new = NewLine(year, _("网红电商发展专项资金"), "city", grounds)
    line = await budget.open_line(new, first, at(0.03))
    number = await budget.propose(line, _YEAR_BUDGET, f"同财预〔{year}〕1 号", first, at(0.04))
    await budget.decide(number, True, "", second, at(0.05))
    awards = [_award(year, n, name, beijing_day(now)) for n, name in enumerate(_WINNERS, 1)]
    winners = await entitlements.entitle(awards, first, at(0.3))
    villages = [_village(year, n) for n in range(1, 21)]
    early = await entitlements.entitle(villages[:8], first, at(0.4))
    await entitlements.entitle(villages[8:], first, at(0.8))
    await _payments(runtime, [*winners, *early], [at(0.5), at(0.75), at(0.98)])
    await entitlements.hold(winners[7].id, _("公示期内收到异议，核实中"), first, now)
    part = (await in_kind.of_entitlement(winners[0].id))[0]
    today = beijing_day(now)
    plan = Arrangement(_("通江路公交站牌 3 处"), today, today + _HALF_A_YEAR)
    await in_kind.arrange(part.id, plan, first, now)


async def _payments(runtime: Runtime, found: list[Entitlement], times: list[datetime]) -> None:
    """A batch that the bank has answered, one that it has not, one to check; the rest wait."""
    keys = runtime.keys
    first, second, third = [await demo_actor(who) for who in ("finance", "finance2", "finance3")]
    for number, one in enumerate(found[:14]):
        account = BankAccount(one.beneficiary, _("同江农村商业银行"), f"62284800{number:08d}")
        await payments.enter_payee(one.id, account, keys, first, times[0])
    answered = found[:3] + found[8:11]
    for chosen, at in zip((answered, found[3:5], found[5:6]), times, strict=True):
        batch = await payments.make_batch([one.id for one in chosen], "", keys, first, at)
        if chosen == found[5:6]:
            continue
        await payments.decide_batch(batch, True, "", keys, second, at)
        await payments.send_batch(batch, keys, third, at)
        if chosen is answered:
            file = (_("银行回单.csv"), _answer(chosen))
            await results.read_file(batch, file, keys, third, at)


def _answer(chosen: list[Entitlement]) -> bytes:
    """The bank pays all but one, whose account it does not know."""
    lines = ["支付编号,处理结果,失败原因"]
    for one in chosen:
        failed = one is chosen[2]
        lines.append(f"{one.code},{'失败,户名与账号不符' if failed else '成功,'}")
    return "\r\n".join(lines).encode("gb18030")
