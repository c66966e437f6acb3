"""What an entitlement is made of."""

from dataclasses import dataclass
from datetime import date, datetime

from fund.rules.books import Amounts
from fund.rules.states import Standing


@dataclass(frozen=True)
class InKindPart:
    """A part that is not money: what, by which department, until when. `kind` is a key of
    `fund.in_kind.rules.KINDS`."""

    kind: str
    words: str
    department: str
    due_on: date | None = None


@dataclass(frozen=True)
class Source:
    """The document that an entitlement rests on. `digest` is "sha256:" and hex; `path` is its
    page on this site, "" when it has none."""

    kind: str
    digest: str
    title: str
    path: str = ""


@dataclass(frozen=True)
class NewEntitlement:
    """What a certified result or an approved claim says is owed.

    `key` names the reason, for example "contest/top-ten-2026/award/winner/003": the same key is
    never owed twice. `measure` is the policy measure for programs, `measure_name` for people.
    `year` is the budget year that pays. `gross` in fen, 0 when nothing but parts in kind is
    owed. No payment is made before `payable_from`.
    """

    key: str
    year: int
    beneficiary: str
    measure: str
    measure_name: str
    title: str
    gross: int
    tax_category: str
    source: Source
    beneficiary_account: int | None = None
    payable_from: date | None = None
    in_kind: tuple[InKindPart, ...] = ()


@dataclass(frozen=True)
class Entitlement:
    """An entitlement as it is recorded, and where it stands."""

    id: int
    key: str
    year: int
    beneficiary: str
    measure: str
    measure_name: str
    title: str
    amounts: Amounts
    tax_category: str
    source: Source
    payable_from: date | None
    approved_at: datetime
    recorded_by_name: str
    standing: Standing

    @property
    def code(self) -> str:
        """What payment papers and the bank call it, at every attempt."""
        return entitlement_code(self.year, self.id)

    def says_the_same(self, other: NewEntitlement, tax: int) -> bool:
        """Whether `other`, of which `tax` would be withheld, is this entitlement once more."""
        return (
            (self.year, self.beneficiary, self.measure, self.tax_category)
            == (other.year, other.beneficiary, other.measure, other.tax_category)
        ) and self.amounts == Amounts(other.gross, tax)


def entitlement_code(year: int, number: int) -> str:
    """F2026-000123"""
    return f"F{year}-{number:06d}"
