"""Bank accounts, and the bank's result file laid against what it was asked to pay."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from core.i18n import _

_NUMBER = re.compile(r"[0-9]{8,32}")


@dataclass(frozen=True)
class BankAccount:
    """Where money is paid to. `number` is 8 to 32 figures without blanks."""

    holder: str
    bank: str
    number: str

    @property
    def masked(self) -> str:
        return masked_number(self.number)


def masked_number(number: str) -> str:
    """**** 1234: enough to recognise an account, too little to use it."""
    return "**** " + number[-4:]


def account_number(typed: str) -> str | None:
    """The figures of a number as people type it, blanks and full-width figures included."""
    plain = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed))
    return plain if plain.isascii() and _NUMBER.fullmatch(plain) else None


def batch_code(number: int) -> str:
    """B00007: how papers and files call a batch."""
    return f"B{number:05d}"


@dataclass(frozen=True)
class Asked:
    """One payment of a batch, as the bank was asked for it; `net` in fen."""

    payment: int
    key: str
    holder: str
    number: str
    net: int


class Verdict(StrEnum):
    PAID = "paid"
    FAILED = "failed"


@dataclass(frozen=True)
class Said:
    """What one row of the result file says of one payment."""

    row: int
    payment: int
    verdict: Verdict
    reason: str


@dataclass(frozen=True)
class Reading:
    """A result file laid against its batch: what it says, and every row that says nothing that
    can be used, as (row of the file, sentence)."""

    said: tuple[Said, ...]
    problems: tuple[tuple[int, str], ...]


class UnknownTable(Exception):
    """The file has no row of column names; the message says which are needed."""


# Columns by what they hold, as banks and our own payment file name them.
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "batch": ("批次", "批次号"),
    "key": ("支付编号", "业务编号", "企业流水号", "客户流水号"),
    "number": ("收款账号", "收款人账号", "账号", "账户", "对方账号"),
    "amount": ("实发金额", "金额", "交易金额", "付款金额", "发生额"),
    "verdict": ("处理结果", "交易结果", "结果", "处理状态", "交易状态", "状态"),
    "reason": ("失败原因", "原因", "错误信息", "返回信息", "备注"),
}
_VERDICTS: Mapping[str, Verdict] = {
    **dict.fromkeys(("成功", "交易成功", "处理成功", "已付款", "已入账"), Verdict.PAID),
    **dict.fromkeys(
        ("失败", "交易失败", "处理失败", "退票", "退汇", "已退回", "拒绝"), Verdict.FAILED
    ),
}
_HEAD_WITHIN = 20


def read_result(rows: Sequence[Sequence[str]], batch: str, asked: Sequence[Asked]) -> Reading:
    """What a bank's rows say of the payments of `batch` (its code). Raises UnknownTable.

    A payment is found by its key, or by account and amount where the file has no keys; whatever
    else a row names must agree. Nothing is guessed: a row that fits none or several is told.
    """
    head, columns = _head(rows)
    reading = _Reader(columns, batch, asked)
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        if any(cell.strip() for cell in row):
            reading.take(number, row)
    return Reading(tuple(reading.said.values()), tuple(sorted(reading.problems)))


def _head(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    names = {name: kind for kind, known in _COLUMNS.items() for name in known}
    for place, row in enumerate(rows[:_HEAD_WITHIN]):
        found: dict[str, int] = {}
        for column, cell in enumerate(row):
            bare = re.sub(r"\s|（.*?）|\(.*?\)", "", cell)
            if bare in names:
                found.setdefault(names[bare], column)
        if "verdict" in found and ("key" in found or {"number", "amount"} <= found.keys()):
            return place, found
    raise UnknownTable(_("没有找到列名：须有“处理结果”，并有“支付编号”，或者“收款账号”和“金额”"))


@dataclass
class _Reader:
    columns: Mapping[str, int]
    batch: str
    asked: Sequence[Asked]
    said: dict[int, Said] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)
    contradicted: set[int] = field(default_factory=set)

    def take(self, number: int, row: Sequence[str]) -> None:
        def cell(kind: str) -> str:
            place = self.columns.get(kind)
            return row[place].strip() if place is not None and place < len(row) else ""

        cells = {kind: cell(kind) for kind in self.columns}
        problem, payment = self._payment(cells)
        verdict = _VERDICTS.get(re.sub(r"\s", "", cells["verdict"]))
        if not problem and verdict is None:
            shown = cells["verdict"][:20] or _("空白")
            problem = _("处理结果“%(words)s”不是成功也不是失败") % {"words": shown}
        if not problem and payment is not None and verdict is not None:
            problem = self._repeated(payment, verdict)
        if problem or payment is None or verdict is None:
            self.problems.append((number, problem))
            return
        self.said[payment.payment] = Said(
            number, payment.payment, verdict, cells.get("reason", "")[:200]
        )

    def _repeated(self, payment: Asked, verdict: Verdict) -> str:
        """What is wrong when the file has spoken of this payment before; contradicting itself,
        it says nothing of it at all."""
        contradicts = _("%(key)s 在同一文件里既有成功又有失败，没有登记") % {"key": payment.key}
        if payment.payment in self.contradicted:
            return contradicts
        before = self.said.get(payment.payment)
        if before is None:
            return ""
        if before.verdict is verdict:
            return _("%(key)s 在文件里出现两次") % {"key": payment.key}
        del self.said[payment.payment]
        self.contradicted.add(payment.payment)
        self.problems.append((before.row, contradicts))
        return contradicts

    def _payment(self, cells: Mapping[str, str]) -> tuple[str, Asked | None]:
        """A sentence and None, or "" and the payment."""
        if cells.get("batch") and cells["batch"] != self.batch:
            return _("属于批次 %(other)s，不是本批次") % {"other": cells["batch"][:20]}, None
        amount = _fen(cells.get("amount", ""))
        if cells.get("amount") and amount is None:
            return _("金额“%(words)s”认不出") % {"words": cells["amount"][:20]}, None
        if "key" in self.columns:
            key = cells["key"].upper()
            found = [one for one in self.asked if one.key == key]
            if not found:
                shown = cells["key"][:30] or _("空白")
                return _("支付编号“%(words)s”不在本批次") % {"words": shown}, None
        else:
            number = account_number(cells["number"])
            found = [one for one in self.asked if (one.number, one.net) == (number, amount)]
            if len(found) != 1:
                many = _("有多笔同账号同金额的付款，须用支付编号区分")
                return many if found else _("本批次没有这个账号和金额的付款"), None
        return self._disagreement(found[0], cells, amount), found[0]

    def _disagreement(self, asked: Asked, cells: Mapping[str, str], amount: int | None) -> str:
        if amount is not None and amount != asked.net:
            return _("%(key)s 的金额与本批次不符") % {"key": asked.key}
        if cells.get("number") and account_number(cells["number"]) != asked.number:
            return _("%(key)s 的账号与本批次不符") % {"key": asked.key}
        return ""


def _fen(typed: str) -> int | None:
    """Whole fen of an amount such as ¥16,000.00; None for anything else."""
    plain = re.sub(r"[\s,¥元]", "", unicodedata.normalize("NFKC", typed))
    try:
        fen = Decimal(plain) * 100
    except InvalidOperation:
        return None
    small = fen.is_finite() and abs(fen) < 10**15
    return int(fen) if small and fen == fen.to_integral_value() else None
