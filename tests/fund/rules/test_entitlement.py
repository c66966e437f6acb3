"""When the same reason is named again: the same entitlement, or another one."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fund.rules.books import Amounts
from fund.rules.entitlement import Entitlement, NewEntitlement, Source, entitlement_code
from fund.rules.states import Standing

SOURCE = Source("certified_result", "sha256:00", "核定结果")
AGAIN = NewEntitlement(
    key="contest/monthly-2026-09/award/champion/001",
    year=2026,
    beneficiary="赫哲阿妹",
    measure="livestream_sales_contest",
    measure_name="直播带货大赛",
    title="冠军奖",
    gross=500_000,
    tax_category="contingent_income",
    source=SOURCE,
)
RECORDED = Entitlement(
    id=123,
    key=AGAIN.key,
    year=2026,
    beneficiary=AGAIN.beneficiary,
    measure=AGAIN.measure,
    measure_name=AGAIN.measure_name,
    title=AGAIN.title,
    amounts=Amounts(500_000, 100_000),
    tax_category=AGAIN.tax_category,
    source=SOURCE,
    payable_from=None,
    approved_at=datetime(2026, 10, 9, tzinfo=UTC),
    recorded_by_name="主办方",
    standing=Standing(),
)


def test_code_names_the_year_and_the_number() -> None:
    assert RECORDED.code == entitlement_code(2026, 123) == "F2026-000123"


def test_same_reason_with_the_same_content_is_the_same() -> None:
    assert RECORDED.says_the_same(AGAIN, 100_000)


def test_another_title_or_source_is_no_other_entitlement() -> None:
    said = replace(AGAIN, title="冠军", source=replace(SOURCE, digest="sha256:11"))
    assert RECORDED.says_the_same(said, 100_000)


@pytest.mark.parametrize(
    "change",
    [
        {"year": 2027},
        {"beneficiary": "同江大米哥"},
        {"measure": "short_video_contest"},
        {"tax_category": "none"},
        {"gross": 500_001},
    ],
    ids=lambda change: next(iter(change)),
)
def test_other_content_is_another_entitlement(change: dict[str, object]) -> None:
    assert not RECORDED.says_the_same(replace(AGAIN, **change), 100_000)  # type: ignore[arg-type]


def test_other_tax_is_another_entitlement() -> None:
    assert not RECORDED.says_the_same(AGAIN, 0)
