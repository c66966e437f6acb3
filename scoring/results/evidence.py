"""Everything a result rests on, gathered as the files of the bundle and read from them.

The server scores what the bundle says, through the verifier's own functions: a figure that
an outsider could not derive from the ballots and sheets cannot enter a result.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypedDict

from contest.editions.rules.contest import Contest
from contest.entrants.rules.entrant import Entrant
from contest.entrants.service import entrants_of
from contest.figures.service import effective_values
from core.crypto import KeyRing
from scoring.engine import data as scored
from scoring.judging.sheets import version_store as store_versions
from scoring.offline.writing import figure_files
from scoring.verification.certified import marks_in_force, signed_line, vote_counts
from voting.casting import service as votes
from voting.ledger.rows import export_rows
from voting.ledger.rules.merkle import tree_hash
from voting.ledger.rules.recount import recount


@dataclass(frozen=True)
class Evidence:
    """`files` are those of the bundle except the result; `data` is what they say."""

    files: Mapping[str, bytes]
    data: scored.ScoringData
    ledger_size: int
    ledger_root: str
    votes_under_review: int


@dataclass(frozen=True)
class _Ledger:
    ballots: Sequence[bytes]
    voids: Sequence[bytes]
    counts: tuple[scored.VoteCount, ...]
    size: int
    root: str


class Figures(TypedDict):
    metrics: tuple[scored.MetricValue, ...]
    points: tuple[scored.PointsItem, ...]


async def gather(contest: Contest, keys: KeyRing) -> Evidence:
    """All evidence of a contest. Call it inside a read-only unit of work, so that all of it is from
    one moment."""
    entrants = [one for one in await entrants_of(contest.id) if one.code]
    ledger = await _ledger(contest, {one.code for one in entrants})
    sheets = [
        signed_line(one.content, one.signing, one.signature)
        for one in await store_versions.all_versions(contest.id)
    ]
    values = {
        place: Fraction(value) for place, value in (await effective_values(contest.id)).items()
    }
    data = scored.ScoringData(
        entrants=tuple(scored_entrant(one) for one in entrants),
        marks=tuple(_marks(contest, entrants, sheets, keys)),
        votes=ledger.counts,
        **scored_figures(contest, {one.id: one.code for one in entrants}, values),
    )
    files = {
        **figure_files(data),
        "rulebook.toml": contest.rulebook.source.encode(),
        "ballots.jsonl": _lines(ledger.ballots),
        "voids.jsonl": _lines(ledger.voids),
        "sheets.jsonl": _lines(sheets),
    }
    under_review = sum(one.under_review for one in (await votes.tally(contest.id)).values())
    return Evidence(files, data, ledger.size, ledger.root, under_review)


async def _ledger(contest: Contest, codes: set[str]) -> _Ledger:
    """The ledger counted again ballot by ballot, not as the tally remembers it."""
    if contest.rulebook.voting is None:
        return _Ledger((), (), (), 0, tree_hash([]).hex())
    ballots: list[bytes] = []
    voids: list[bytes] = []
    async for row in export_rows(contest):
        (ballots if row.kind == "ballot" else voids).append(row.line)
    counted = recount(contest.slug, contest.rulebook.voting, codes, ballots, voids)
    counts = vote_counts(codes, counted.valid, counted.voided)
    return _Ledger(ballots, voids, tuple(counts), counted.size, counted.root.hex())


def scored_entrant(entrant: Entrant) -> scored.Entrant:
    return scored.Entrant(
        id=entrant.code,
        name=entrant.name,
        code=entrant.code,
        status="withdrawn" if entrant.withdrawn else scored.ACTIVE,
        attributes=tuple(sorted(entrant.tested_attributes.items())),
    )


def _marks(
    contest: Contest, entrants: Sequence[Entrant], sheets: Sequence[bytes], keys: KeyRing
) -> list[scored.Mark]:
    if contest.rulebook.judging is None:
        return []
    active = {one.code for one in entrants if not one.withdrawn}
    return marks_in_force(contest.slug, contest.rulebook, active, sheets, keys.public_key)


def scored_figures(
    contest: Contest, codes: Mapping[int, str], values: Mapping[tuple[int, str], Fraction]
) -> Figures:
    """Verified figures under the component or metric that the rulebook reads them for.

    `codes` name entrants by id, `values` are by entrant id and figure.
    """
    points = {one.id for one in contest.rulebook.components if one.source == "points"}
    metrics = {metric.id for one in contest.rulebook.components for metric in one.metrics}
    known = [(codes[who], what, value) for (who, what), value in values.items() if who in codes]
    return Figures(
        metrics=tuple(scored.MetricValue(*one) for one in known if one[1] in metrics),
        points=tuple(
            scored.PointsItem(code, component, "", value)
            for code, component, value in known
            if component in points
        ),
    )


def _lines(lines: Sequence[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)
