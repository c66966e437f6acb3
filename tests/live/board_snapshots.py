"""Values for the tests of boards and reveals, without a database."""

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

from contest.editions.rules.contest import Contest, Phase
from contest.entrants.rules.entrant import Entrant
from contest.rulebooks.rules.rulebook import Rulebook, parse_rulebook
from contest.rulebooks.service import BUNDLED
from live.boards.rules import BoardInput, Place, Votes
from scoring.engine.data import ABSENT, SCORED, Mark, ScoringData, VoteCount
from scoring.engine.data import Entrant as Scored
from tests.support.voting import rulebook_text

OPENS = datetime(2026, 3, 1, 0, 0, tzinfo=UTC)  # 08:00 in Beijing
NOON = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)


def contest(phase: Phase = Phase.VOTING, *, display: str = "live") -> Contest:
    return Contest(
        id=7,
        slug="demo",
        title="十佳",
        series="",
        edition="",
        phase=phase,
        phase_since=OPENS,
        rulebook=parse_rulebook(rulebook_text(display=display)),
        rulebook_number=1,
        created_at=OPENS,
    )


def entrants(count: int) -> tuple[Entrant, ...]:
    return tuple(
        Entrant(
            id=n,
            contest_id=7,
            code=f"{n:03d}",
            name=f"候选人{n}",
            nominator="",
            township="同江镇",
            summary="",
            case_report="",
            photo=None,
            first_time=False,
        )
        for n in range(1, count + 1)
    )


def board_input(
    *valid: int,
    phase: Phase = Phase.VOTING,
    display: str = "live",
    now: datetime = NOON,
    places: dict[int, Place] | None = None,
) -> BoardInput:
    """Entrants 1, 2 … with so many valid votes each, 1 under review and 2 void."""
    return BoardInput(
        contest=contest(phase, display=display),
        entrants=entrants(len(valid)),
        votes={n: Votes(count, 1, 2) for n, count in enumerate(valid, start=1)},
        places=places or {},
        now=now,
    )


def top_ten() -> Rulebook:
    path = BUNDLED / "top_ten_2026.toml"
    return parse_rulebook(path.read_text(encoding="utf-8"))


def judged(*totals: int, absent: str = "") -> ScoringData:
    """A 十佳 of entrants 001 … whose seven judges gave total-3 … total+3 over the criteria.

    `absent` is a judge who was not there.
    """
    codes = [f"{n:03d}" for n in range(1, len(totals) + 1)]
    marks = [
        mark
        for code, total in zip(codes, totals, strict=True)
        for judge in range(1, 8)
        for mark in _sheet(f"{judge:02d}", code, total + judge - 4, absent)
    ]
    return ScoringData(
        entrants=tuple(Scored(id=code, name=code, code=code) for code in codes),
        marks=tuple(marks),
        votes=tuple(VoteCount(code, 100) for code in codes),
    )


def _sheet(judge: str, code: str, total: int, absent: str) -> list[Mark]:
    parts = {"influence": total - 50, "content": 25, "conduct": 25}
    here = judge != absent
    return [
        Mark(
            judge,
            code,
            "main",
            criterion,
            Fraction(value) if here else None,
            SCORED if here else ABSENT,
        )
        for criterion, value in parts.items()
    ]


def withdrawn(one: Entrant) -> Entrant:
    return replace(one, withdrawn_at=NOON)
