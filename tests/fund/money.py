"""A fund with money, entitlements and their payments, made through the services."""

import io
import itertools
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from core.audit import Actor
from core.crypto import KeyRing, load_keys
from fund.books import service as books
from fund.budget import service as budget
from fund.budget.store import NewLine
from fund.entitlements import service as entitlements
from fund.payments import results
from fund.payments import service as payments
from fund.payments.rules import BankAccount
from fund.rules.books import Account
from fund.rules.entitlement import Entitlement, InKindPart, NewEntitlement, Source

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MAKER, CHECKER, PAYER = Actor(1, "制单人"), Actor(2, "审批人"), Actor(3, "送单人")
PRIZE = 2_000_000
_numbers = itertools.count(1)


def keys_in(folder: Path) -> KeyRing:
    return load_keys(folder)


def order(year: int, key: str = "", gross: int = PRIZE, **more: object) -> NewEntitlement:
    """What a contest's first prize would say; `more` replaces single fields."""
    number = next(_numbers)
    fields: dict[str, object] = {
        "key": key or f"contest/test/award/{number}",
        "year": year,
        "beneficiary": f"获奖人{number}",
        "measure": "top_ten_spokesperson",
        "measure_name": "十佳同江代言人评选",
        "title": "十佳同江代言人",
        "gross": gross,
        "tax_category": "contingent_income",
        "source": Source("certified_result", "sha256:" + "ab" * 32, "十佳同江代言人评选结果", ""),
    }
    return NewEntitlement(**{**fields, **more})  # type: ignore[arg-type]


async def appropriated(year: int, fen: int, name: str = "网红电商发展专项资金") -> int:
    """Money on a line of the year, which is opened when it is not there; returns the line."""
    known = [line["id"] for line in await budget.lines(year) if line["name"] == name]
    line = known[0] if known else 0
    if not line:
        new = NewLine(year, name, "city", "同财预〔2026〕1号")
        line = await budget.open_line(new, MAKER, NOW)
    number = await budget.propose(line, fen, "同财预〔2026〕1号", MAKER, NOW)
    await budget.decide(number, True, "", CHECKER, NOW)
    return line


async def entitled(year: int, count: int, gross: int = PRIZE) -> list[Entitlement]:
    return await entitlements.entitle([order(year, gross=gross) for _ in range(count)], MAKER, NOW)


def account(number: int) -> BankAccount:
    return BankAccount(f"获奖人{number}", "中国建设银行同江支行", f"62270000{number:08d}")


async def with_accounts(found: Sequence[Entitlement], keys: KeyRing) -> None:
    for one in found:
        await payments.enter_payee(one.id, account(one.id), keys, MAKER, NOW)


async def batch_of(found: Sequence[Entitlement], keys: KeyRing) -> int:
    return await payments.make_batch([one.id for one in found], "", keys, MAKER, NOW)


async def sent(found: Sequence[Entitlement], keys: KeyRing) -> int:
    """A batch that is with the bank, accounts entered on the way."""
    known = {one.id for one in found if await payments.payee(one.id, keys)}
    await with_accounts([one for one in found if one.id not in known], keys)
    batch = await batch_of(found, keys)
    await payments.decide_batch(batch, True, "", keys, CHECKER, NOW)
    await payments.send_batch(batch, keys, PAYER, NOW)
    return batch


def answer(rows: Sequence[tuple[str, str]], batch: str = "", note: str = "") -> bytes:
    """A result file that names entitlements by their code: (code, 成功 or 失败)."""
    out = io.StringIO()
    out.write(f"{note}\n批次号,支付编号,处理结果,失败原因\n")
    for code, verdict in rows:
        out.write(f"{batch},{code},{verdict},{'账号有误' if verdict == '失败' else ''}\n")
    return out.getvalue().encode("gb18030")


async def answered(
    batch: int, found: Sequence[Entitlement], verdict: str, keys: KeyRing, note: str = ""
) -> list[dict[str, object]]:
    """The bank's file says one verdict of several; returns the report."""
    content = answer([(one.code, verdict) for one in found], note=note)
    return (await results.read_file(batch, ("回单.csv", content), keys, PAYER, NOW)).report


async def held_in(year: int) -> dict[Account, int]:
    """What the accounts of a year hold, over its lines, without zeros."""
    total: dict[Account, int] = {}
    for (_line, account_name), fen in (await books.balances(year)).items():
        total[account_name] = total.get(account_name, 0) + fen
    return {name: fen for name, fen in total.items() if fen}


async def state_of(one: Entitlement) -> str:
    found = await entitlements.get(one.id)
    assert found.standing.state is not None
    return found.standing.state.value


PARTS = (
    InKindPart("bus_stop_advertising", "同江市域公交站牌广告位半年", "市交通运输局"),
    InKindPart("interview", "对接佳木斯市级媒体专访", "市人力资源和社会保障局"),
)
