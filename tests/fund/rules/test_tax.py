"""Withholding: the shipped settings, dated rates, exact fen."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund.entitlements.withholding import shipped
from fund.rules.tax import NoRateError, read_withholding

DAY = date(2026, 11, 28)
DATED = """
id = "t"
version = "1"
[[category]]
id = "prize"
name = "奖金"
clause = "第一条"
[[category.rate]]
effective_from = 2020-01-01
percent = "20"
[[category.rate]]
effective_from = 2027-01-01
percent = "12.5"
"""


def test_prize_of_twenty_thousand_pays_four_thousand() -> None:
    assert shipped().tax("contingent_income", 2_000_000, DAY) == 400_000
    assert shipped().tax("none", 2_000_000, DAY) == 0
    assert all(one.clause for one in shipped().categories.values())


@given(st.integers(0, 10**12))
def test_tax_is_the_nearest_fen_and_never_above_the_gross(gross: int) -> None:
    tax = shipped().tax("contingent_income", gross, DAY)
    assert 0 <= tax <= gross
    assert abs(5 * tax - gross) * 2 <= 5


def test_rate_of_the_day_counts_and_half_a_fen_goes_up() -> None:
    rules = read_withholding(DATED)
    assert rules.tax("prize", 100, date(2026, 12, 31)) == 20
    assert rules.tax("prize", 100, date(2027, 1, 1)) == 13
    assert rules.digest.startswith("sha256:")
    with pytest.raises(NoRateError, match="没有奖金的税率"):
        rules.tax("prize", 100, date(2019, 12, 31))
    with pytest.raises(NoRateError, match="没有“wages”这个计税类别"):
        rules.tax("wages", 100, DAY)


@pytest.mark.parametrize(
    ("old", "new"),
    [("2027-01-01", "2019-01-01"), ('"12.5"', '"120"'), ('"12.5"', '"x"')],
    ids=["order", "above all", "no number"],
)
def test_settings_that_cannot_be_are_refused(old: str, new: str) -> None:
    with pytest.raises(ValueError, match=r"rates|percentage"):
        read_withholding(DATED.replace(old, new))
