"""The accounts of the books, and the postings that each act makes.

Amounts are whole fen. A posting of an entry is positive where money arrives and negative where
it leaves, and the postings of one entry add up to zero on each budget line. So the accounts of a
line always add up to zero: what was appropriated, with its sign turned, is what the other
accounts hold.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.i18n import _
from fund.rules.states import State


class Account(StrEnum):
    """Where money of a budget line can be."""

    APPROPRIATED = "appropriated"
    """Where it comes from: the only account below zero."""
    AVAILABLE = "available"
    RESERVED = "reserved"
    PAYABLE = "payable"
    """Handed to the bank, not yet answered."""
    PAID = "paid"
    TAX_WITHHELD = "tax_withheld"
    RECEIVABLE = "receivable"
    """Paid and owed back."""


ACCOUNT_NAMES: Mapping[Account, str] = {
    Account.APPROPRIATED: _("预算拨款"),
    Account.AVAILABLE: _("可用"),
    Account.RESERVED: _("已预留"),
    Account.PAYABLE: _("已送银行待回"),
    Account.PAID: _("已付到账"),
    Account.TAX_WITHHELD: _("代扣税款"),
    Account.RECEIVABLE: _("应追回"),
}


@dataclass(frozen=True)
class Amounts:
    """What one entitlement is worth. Raises ValueError for what cannot be: nobody is owed less
    than nothing, and no tax is higher than what it is taken from."""

    gross: int
    tax: int

    def __post_init__(self) -> None:
        if not 0 <= self.tax <= self.gross:
            raise ValueError(f"gross {self.gross} and tax {self.tax} fen cannot belong together")

    @property
    def net(self) -> int:
        return self.gross - self.tax


@dataclass(frozen=True)
class Posting:
    """One line of an entry; `entitlement` is None where the money is nobody's yet."""

    line: int
    account: Account
    amount: int
    entitlement: int | None = None


# The account that holds an entitlement's money in each state. Money that is not set aside for
# it is the line's own, and money that was paid lies in two accounts.
_WHOLE: Mapping[State, Account] = {
    State.QUEUED: Account.AVAILABLE,
    State.CANCELLED: Account.AVAILABLE,
    State.IN_KIND: Account.AVAILABLE,
    State.RESERVED: Account.RESERVED,
    State.ORDERED: Account.RESERVED,
    State.FAILED: Account.RESERVED,
    State.REVERSED: Account.RESERVED,
    State.SENT: Account.PAYABLE,
}


def where(state: State, amounts: Amounts) -> dict[Account, int]:
    """Where an entitlement's money lies in a state, account by account, without zeros."""
    if state is State.PAID:
        held = {Account.PAID: amounts.net, Account.TAX_WITHHELD: amounts.tax}
    else:
        held = {_WHOLE[state]: amounts.gross}
    return {account: amount for account, amount in held.items() if amount}


def moved(
    line: int, entitlement: int, amounts: Amounts, before: State, after: State
) -> tuple[Posting, ...]:
    """The postings of an act that takes an entitlement from one state to another: what lies
    where afterwards, less what lay there before. None when no money moves."""
    then, now = where(before, amounts), where(after, amounts)
    changes = ((account, now.get(account, 0) - then.get(account, 0)) for account in Account)
    return tuple(
        Posting(line, account, amount, entitlement) for account, amount in changes if amount
    )


def appropriated(line: int, amount: int) -> tuple[Posting, ...]:
    """The postings by which `amount` fen become available on a line."""
    return (
        Posting(line, Account.APPROPRIATED, -amount),
        Posting(line, Account.AVAILABLE, amount),
    )


def balances(postings: Iterable[Posting]) -> dict[tuple[int, Account], int]:
    """(line, account) → what the postings add up to."""
    found: dict[tuple[int, Account], int] = {}
    for one in postings:
        key = (one.line, one.account)
        found[key] = found.get(key, 0) + one.amount
    return found
