"""When a part in kind is late."""

from dataclasses import replace
from datetime import date

import pytest

from fund.in_kind.rules import Arrangement, Done, Part

DUE = date(2026, 6, 30)
PART = Part(
    id=1,
    entitlement=7,
    code="F2026-000007",
    beneficiary="赫哲阿妹",
    title="同江代言人",
    kind="bus_stop_advertising",
    words="公交站牌半年",
    department="市交通运输局",
    due_on=DUE,
    arrangement=Arrangement(),
    done=None,
    said_by="",
    said_at=None,
    cancelled=False,
)


@pytest.mark.parametrize(
    ("today", "overdue"),
    [(date(2026, 6, 29), False), (DUE, False), (date(2026, 7, 1), True)],
)
def test_part_is_overdue_from_the_day_after_it_was_due(today: date, overdue: bool) -> None:
    assert PART.overdue(today) is overdue


@pytest.mark.parametrize(
    "part",
    [
        replace(PART, done=Done(DUE, "站牌照片")),
        replace(PART, cancelled=True),
        replace(PART, due_on=None),
    ],
    ids=["done", "cancelled", "without a day"],
)
def test_part_that_nobody_waits_for_is_never_overdue(part: Part) -> None:
    assert not part.overdue(date(2030, 1, 1))
