"""What is withheld from a payment, by the category of income, as dated settings say.

The individual income tax law takes contingent income by the whole of each receipt, without
deduction. The withholding return states amounts in yuan down to the fen, so a tax is rounded
once, to a whole fen, half away from zero. No prize of whole yuan is touched by the rounding.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.exact import Rounding, parse_number
from core.i18n import _

_WHOLE_FEN = Rounding(0, "half_up")


class NoRateError(LookupError):
    """No rate of this category was in force on that day, or there is no such category."""


@dataclass(frozen=True)
class Category:
    """One kind of income. `rates` are (first day, share of the gross), oldest first."""

    id: str
    name: str
    clause: str
    rates: tuple[tuple[date, Fraction], ...]

    def rate_on(self, day: date) -> Fraction:
        """Raises NoRateError for a day before the first rate."""
        in_force = [rate for first, rate in self.rates if first <= day]
        if not in_force:
            raise NoRateError(_("%(day)s没有%(name)s的税率") % {"day": day, "name": self.name})
        return in_force[-1]


@dataclass(frozen=True)
class Withholding:
    """The settings of one file; `digest` is of its text, as an entitlement names it."""

    id: str
    version: str
    digest: str
    categories: Mapping[str, Category]

    def tax(self, category: str, gross: int, day: date) -> int:
        """Fen withheld from `gross` fen that were approved on `day`. Raises NoRateError."""
        if category not in self.categories:
            raise NoRateError(_("没有“%(name)s”这个计税类别") % {"name": category})
        share = self.categories[category].rate_on(day)
        return int(_WHOLE_FEN.apply(gross * share))


def read_withholding(text: str) -> Withholding:
    """The settings from TOML. Raises ValueError or KeyError for a file that is not right: it is
    shipped with the program, and no person fills it in."""
    data = tomllib.loads(text)
    categories = {}
    for one in data["category"]:
        rates = tuple((rate["effective_from"], _share(rate["percent"])) for rate in one["rate"])
        if not rates or list(rates) != sorted(rates):
            raise ValueError(f"the rates of {one['id']} must be there, and in order of their days")
        categories[one["id"]] = Category(one["id"], one["name"], one["clause"], rates)
    digest = "sha256:" + hashlib.sha256(text.encode()).hexdigest()
    return Withholding(data["id"], data["version"], digest, categories)


def _share(percent: str) -> Fraction:
    number = parse_number(percent)
    if number is None or not 0 <= number <= 100:
        raise ValueError(f"{percent!r} is no percentage")
    return number / 100
