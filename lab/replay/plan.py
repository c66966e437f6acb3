"""What is to be replayed: the contest of a rulebook and its CSV files, moved to the present."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from contest.rulebooks.rules.rulebook import Rulebook, parse_rulebook
from core.beijing import BEIJING
from core.exact import exact_text
from core.i18n import _
from scoring.engine.compute import score
from scoring.engine.data import ACTIVE, SCORED, ScoringData
from scoring.engine.words import problem_sentence
from scoring.offline.reading import OfflineError, read_folder, read_rulebook

_OPENS_IN = timedelta(hours=1)
_LASTS = timedelta(hours=12)

Place = tuple[str, str, str]
"""A judge, a round and an entrant of the files."""


@dataclass(frozen=True)
class ReplayPlan:
    """`codes` gives each entrant of the files its candidate code; `judges` are in order of
    their seats; `marks` says what each judge gave by criterion; `votes` holds the entrant
    of every ballot, one ballot a voter."""

    slug: str
    rulebook: Rulebook
    data: ScoringData
    codes: Mapping[str, str]
    judges: tuple[str, ...]
    marks: Mapping[Place, Mapping[str, str]]
    votes: tuple[str, ...]

    @property
    def rounds(self) -> tuple[str, ...]:
        """The rounds of the judging, in order; none where nobody judges."""
        judging = self.rulebook.judging
        return tuple(one.id for one in judging.rounds) if judging else ()


def read_plan(rulebook_file: Path, data_dir: Path, slug: str, now: datetime) -> ReplayPlan:
    """The plan for a contest whose voting opens an hour after `now`, the server's time.

    Raises OfflineError for files that cannot be read, or a contest that cannot be replayed.
    """
    rulebook = read_rulebook(rulebook_file)
    data = read_folder(rulebook, data_dir)
    _check(rulebook, data)
    moved = parse_rulebook(_moved(rulebook.source, now + _OPENS_IN))
    marks: dict[Place, dict[str, str]] = defaultdict(dict)
    for mark in data.marks:
        if mark.status == SCORED and mark.value is not None:
            place = (mark.judge, mark.round, mark.entrant)
            marks[place][mark.criterion] = exact_text(mark.value)
    return ReplayPlan(
        slug=slug,
        rulebook=moved,
        data=data,
        codes={one.id: f"{n:03d}" for n, one in enumerate(data.entrants, start=1)},
        judges=tuple(sorted({mark.judge for mark in data.marks})),
        marks=dict(marks),
        votes=tuple(one.entrant for one in data.votes for _n in range(one.valid)),
    )


def _check(rulebook: Rulebook, data: ScoringData) -> None:
    faults = []
    if rulebook.voting and rulebook.voting.entries_per_ballot.min > 1:
        faults.append(_("votes.csv 只有总数，不能还原一张选票选多人的投票"))
    if data.multipliers or data.draws:
        faults.append(_("重放还不支持难度系数和抽签"))
    if any(one.round for one in data.points):
        faults.append(_("重放还不支持分轮次的给分"))
    if any(one.status != ACTIVE for one in data.entrants):
        faults.append(_("重放只支持全程参赛的人，请先从 entrants.csv 删去退出和取消资格的"))
    names = {one.id: one.name for one in data.entrants}
    faults += [problem_sentence(one, names[one.entrant]) for one in score(rulebook, data).problems]
    if faults:
        raise OfflineError(faults)


def _moved(source: str, opens_at: datetime) -> str:
    """The rulebook with another voting window; nothing else of its text is touched."""
    opens = opens_at.astimezone(BEIJING).replace(microsecond=0)
    text = re.sub(r"(?m)^opens_at *=.*$", f"opens_at = {opens.isoformat()}", source)
    closes = opens + _LASTS
    return re.sub(r"(?m)^closes_at *=.*$", f"closes_at = {closes.isoformat()}", text)
