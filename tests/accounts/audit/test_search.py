"""Looking through the log: each field narrows, and together they narrow further."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.audit import search as audit_search
from accounts.audit.search import AuditFilter, count_lines, every_line, find_lines
from accounts.audit.words import action_name
from core import audit
from core.audit import Actor

pytestmark = pytest.mark.usefixtures("pool")

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LINES = [
    ("王一", "nomination.passed", "nomination", 1),
    ("王一", "nomination.returned", "nomination", 2),
    ("李二", "contest.created", "contest", 1),
    ("Wang's 100%_", "contest.advanced", "contest", 1),
]


@pytest.fixture(scope="module", autouse=True)
async def _log(pool: None) -> None:
    for number, (name, action, subject, subject_id) in enumerate(LINES):
        at = START + number * HOUR
        await audit.record(
            Actor(number, name, "::1"), action, subject, subject_id, at, {"n": number}
        )


async def found(wanted: AuditFilter) -> list[int]:
    """The numbers of the lines, newest first; counting and reading all must agree."""
    lines = await find_lines(wanted, limit=100, offset=0)
    numbers = [line.details["n"] for line in lines]
    assert await count_lines(wanted) == len(numbers)
    assert [line.details["n"] async for line in every_line(wanted)] == numbers[::-1]
    return numbers


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (AuditFilter(), [3, 2, 1, 0]),
        (AuditFilter(actor="王"), [1, 0]),
        (AuditFilter(actor="WANG'S"), [3]),
        (AuditFilter(actor="%"), [3]),
        (AuditFilter(actor="_"), [3]),
        (AuditFilter(actor="' OR true --"), []),
        (AuditFilter(action="contest."), [3, 2]),
        (AuditFilter(action="nomination.passed"), [0]),
        (AuditFilter(action=action_name("contest.created")), [2]),
        (AuditFilter(action="没有这种操作"), []),
        (AuditFilter(subject_type="contest", subject_id="1"), [3, 2]),
        (AuditFilter(subject_id="1"), [3, 2, 0]),
        (AuditFilter(since=START + HOUR), [3, 2, 1]),
        (AuditFilter(until=START + HOUR), [0]),
        (AuditFilter(since=START + HOUR, until=START + 3 * HOUR, actor="李"), [2]),
    ],
    ids=repr,
)
async def test_fields_narrow(wanted: AuditFilter, numbers: list[int]) -> None:
    assert await found(wanted) == numbers


async def test_pages_follow_each_other() -> None:
    pages = [await find_lines(AuditFilter(), limit=3, offset=offset) for offset in (0, 3, 6)]
    assert [[line.details["n"] for line in page] for page in pages] == [[3, 2, 1], [0], []]
    last = pages[1][0]
    assert (last.actor_name, last.actor_id, last.client_address) == ("王一", 0, "::1")


async def test_log_longer_than_a_chunk_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    for size in (1, 2, 3, 4, 5):
        monkeypatch.setattr(audit_search, "_CHUNK", size)
        assert [line.details["n"] async for line in every_line(AuditFilter())] == [0, 1, 2, 3]
