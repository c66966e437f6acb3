"""What happened to signed sheets: every version and every proposed change, for people to read."""

from dataclasses import dataclass

from contest.editions.rules.contest import Contest
from scoring.judging.panel.service import Judge
from scoring.judging.sheets import version_store as store_versions
from scoring.judging.sheets.rules.judge_sheet import Entry, content_from_canonical
from scoring.judging.sheets.version_store import Change, SignedVersion
from scoring.judging.snapshot import read_snapshot


@dataclass(frozen=True)
class Difference:
    """One entrant's entry before and after a proposed change; `before` is None when the
    sheet has not been signed yet."""

    before: Entry | None
    after: Entry


@dataclass(frozen=True)
class ProposedChange:
    """A change with the judge whose sheet it is and what it would alter."""

    judge: Judge
    change: Change
    differences: tuple[Difference, ...]


async def sheet_history(judge: Judge) -> list[SignedVersion]:
    """Every signed version of one judge's sheets, oldest first."""
    return await store_versions.versions_of_seat(judge.seat.id)


async def proposed_changes(contest: Contest) -> list[ProposedChange]:
    """Every proposed change of a contest, newest first."""
    snapshot = await read_snapshot(contest)
    found = []
    for change in await store_versions.changes(contest.id):
        judge = snapshot.judge_in(change.seat_id)
        versions = await store_versions.versions_of_seat(change.seat_id)
        base = next(
            (
                one
                for one in versions
                if (one.round, one.signing.version) == (change.round, change.base_version)
            ),
            None,
        )
        found.append(ProposedChange(judge, change, _differences(base, change)))
    return found[::-1]


def _differences(base: SignedVersion | None, change: Change) -> tuple[Difference, ...]:
    """The entries that differ; all of them when nothing was signed before."""
    old = content_from_canonical(base.content).entries if base else ()
    before = {entry.code: entry for entry in old}
    return tuple(
        Difference(before.get(entry.code), entry)
        for entry in content_from_canonical(change.content).entries
        if before.get(entry.code) != entry
    )
