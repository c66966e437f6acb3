"""Announcements for the tests of what they are printed on."""

from datetime import UTC, date, datetime

from scoring.announcement.content import Announcement, Publication, announce
from scoring.engine.compute import score
from scoring.engine.data import ACTIVE, Entrant, ScoringData
from tests.support.contest_data import VOTES_ONLY, rulebook, votes

AWARDS = """
[[awards]]
id = "best"
name = "最佳创意奖"
quota = 2
amount_fen = 1_000_000
benefits = ["同江旅游体验券"]
%s
"""
OVER_FIVE = 'all_of = [{ figure = "votes", at_least = %d }]'


def publication(**changes: object) -> Publication:
    given: dict[str, object] = {
        "issuer": "同江市文旅局",
        "approval_document": "同政发〔2026〕1号",
        "certified_at": datetime(2026, 3, 9, 9, 30, tzinfo=UTC),
        "certified_by": ("甲经办", "乙核定"),
        "notice_from": date(2026, 3, 10),
        "notice_until": date(2026, 3, 16),
        "enquiry_hotline": "0454-1234567",
        "oversight_hotline": "0454-7654321",
        "bundle_digest": "sha256:" + "ab" * 32,
        "result_address": "http://127.0.0.1:8000/c/small/result",
        **changes,
    }
    return Publication(**given)  # type: ignore[arg-type]


def announced(
    names: dict[str, int],
    *,
    at_least: int = 0,
    edge: str = "",
    withdrawn: str = "",
    **changes: object,
) -> Announcement:
    """A contest of votes alone, of names and votes; the award asks for `at_least` votes."""
    asked = OVER_FIVE % at_least if at_least else ""
    book = rulebook(VOTES_ONLY % ("none", ""), AWARDS % (asked + "\n" + edge))
    people = tuple(
        Entrant(name, name, f"{n:03d}", status="withdrawn" if name == withdrawn else ACTIVE)
        for n, name in enumerate(names, start=1)
    )
    result = score(book, ScoringData(people, votes=votes(names)))
    return announce(book, result, publication(**changes))
