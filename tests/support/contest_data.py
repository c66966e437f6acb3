"""Small rulebooks and data for the tests of scoring."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from contest.rulebooks.rules.rulebook import Rulebook, parse_rulebook
from scoring.engine.data import Entrant, Mark, ScoringData, VoteCount
from scoring.engine.result import Result

HEAD = """
format = 1
id = "test"
version = "1"
title = "测试评选"
kind = "other"
effective_on = 2026-01-01
clause = "测试"
"""

VOTING = """
[voting]
votes_per_day = 1
entries_per_ballot = { min = 1, max = 1 }
count_display = { mode = "live" }
[voting.window]
opens_at = 2026-01-01T00:00:00+08:00
closes_at = 2026-01-02T00:00:00+08:00
"""

VOTES_ONLY = """
[[components]]
id = "vote"
name = "投票"
source = "votes"
normaliser = { kind = "%s" }
%s
[total]
combine = "sum"
"""


def rulebook(*parts: str) -> Rulebook:
    return parse_rulebook(HEAD + "\n".join(parts))


def judged(
    aggregate: str = '{ method = "mean" }',
    *,
    over: str = "criterion",
    rounding: str = "",
    criteria: str = "",
    extra: str = "",
    missing: str = "refuse",
    minimum: int = 1,
) -> str:
    """A [judging] section and its component, summed plainly."""
    criteria = criteria or '[[judging.criteria]]\nid = "c"\nname = "分"\nmin = 0\nmax = 100'
    return f"""
[judging]
aggregate_over = "{over}"
aggregate = {aggregate}
missing_marks = "{missing}"
minimum_panel = {minimum}
{extra}
{rounding}
{criteria}
[[components]]
id = "expert"
name = "评委"
source = "judges"
[total]
combine = "sum"
"""


def entrants(*ids: str) -> tuple[Entrant, ...]:
    return tuple(Entrant(one, one.upper()) for one in ids)


def marks(
    table: Mapping[str, Sequence[object]], criterion: str = "c", round_id: str = "main"
) -> tuple[Mark, ...]:
    """`table[entrant]` lists what judges j1, j2 … gave: a number, or a status word."""
    return tuple(
        Mark(f"j{n}", entrant, round_id, criterion, None, given)
        if isinstance(given, str) and not given[0].isdigit()
        else Mark(f"j{n}", entrant, round_id, criterion, Fraction(str(given)))
        for entrant, row in table.items()
        for n, given in enumerate(row, start=1)
    )


def votes(
    counts: Mapping[str, int], voided: Mapping[str, int] | None = None
) -> tuple[VoteCount, ...]:
    return tuple(
        VoteCount(entrant, count, (voided or {}).get(entrant, 0))
        for entrant, count in counts.items()
    )


def only_marks(table: Mapping[str, Sequence[object]]) -> ScoringData:
    return ScoringData(entrants(*table), marks(table))


def ranks(result: Result) -> dict[str, int | None]:
    return {one.entrant: one.rank for one in result.entrants}
