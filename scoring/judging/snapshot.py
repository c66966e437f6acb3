"""Everything written about one contest's judging, read once; each view is derived from it.

The tablet, the host's page, the checks and the engine's marks are all views of this one value, so
that they cannot disagree. `sheets_of` decides what a judge may see.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from contest.editions.rules.contest import Contest
from contest.entrants.rules.entrant import Entrant
from contest.entrants.service import entrants_of
from contest.rulebooks.rules.vocabulary import Judging
from scoring.judging.panel import service as panel
from scoring.judging.panel.service import Judge
from scoring.judging.running_order import store as order_store
from scoring.judging.running_order.rules import Turn, TurnState, in_order
from scoring.judging.running_order.store import Window
from scoring.judging.sheets import store as store_sheets
from scoring.judging.sheets import version_store as store_versions
from scoring.judging.sheets.rules.judge_sheet import (
    Entry,
    EntryStatus,
    SheetContent,
    SheetState,
    content_from_canonical,
    state_of,
)
from scoring.judging.sheets.rules.marking import missing_criteria, running_total
from scoring.judging.sheets.rules.recusal import effective_status
from scoring.judging.sheets.store import WrittenEntry
from scoring.judging.sheets.version_store import SignedVersion


@dataclass(frozen=True)
class EntryView:
    """One entrant on one judge's sheet. `missing` names the criteria without a mark."""

    round: str
    entrant: Entrant
    status: EntryStatus
    reason: str
    marks: Mapping[str, Fraction]
    total: Fraction
    missing: tuple[str, ...]
    sequence: int


@dataclass(frozen=True)
class SheetView:
    """One judge's sheet of one round; `signed` is the version in force once it is locked."""

    judge: Judge
    round: str
    state: SheetState
    entries: tuple[EntryView, ...]
    signed: SignedVersion | None

    @property
    def has_marks(self) -> bool:
        return any(entry.status is EntryStatus.SUBMITTED for entry in self.entries)


@dataclass(frozen=True)
class JudgingSnapshot:
    """One reading of the whole. `everyone` includes entrants who have withdrawn, perhaps while they
    were open for marks; `in_force` holds the entries of each locked sheet by code, as its newest
    version has them."""

    contest: Contest
    rules: Judging
    everyone: tuple[Entrant, ...]
    judges: tuple[Judge, ...]
    written: Mapping[tuple[int, str, int], WrittenEntry]
    signed: Mapping[tuple[int, str], SignedVersion]
    in_force: Mapping[tuple[int, str], Mapping[str, Entry]]
    windows: tuple[Window, ...]
    orders: Mapping[str, list[str]]

    @property
    def entrants(self) -> tuple[Entrant, ...]:
        """Those still in the contest, by code."""
        taking_part = (one for one in self.everyone if not one.withdrawn)
        return tuple(sorted(taking_part, key=lambda one: one.code))

    def judge_in(self, seat_id: int) -> Judge:
        return next(judge for judge in self.judges if judge.seat.id == seat_id)

    def entrant_of(self, entrant_id: int) -> Entrant:
        return next(one for one in self.everyone if one.id == entrant_id)

    @property
    def open_window(self) -> Window | None:
        return next((one for one in self.windows if one.is_open), None)

    def entry(self, judge: Judge, round_id: str, entrant: Entrant) -> EntryView:
        """What is valid now: the tablet's entry until the sheet is locked, then the signed one."""
        written = self.written.get((judge.seat.id, round_id, entrant.id))
        view = entry_view(self.rules, judge, round_id, entrant, written)
        locked = self.in_force.get((judge.seat.id, round_id), {}).get(entrant.code)
        return _as_signed(self.rules, view, locked) if locked else view

    def sheet(self, judge: Judge, round_id: str) -> SheetView:
        entries = tuple(self.entry(judge, round_id, one) for one in self.entrants)
        statuses = {entry.entrant.code: entry.status for entry in entries}
        signed = self.signed.get((judge.seat.id, round_id))
        state = state_of(statuses, set(statuses), signed=signed is not None)
        return SheetView(judge, round_id, state, entries, signed)

    def sheets_of(self, judge: Judge) -> list[SheetView]:
        """One judge's own sheets, a round each, in the order of the rulebook."""
        return [self.sheet(judge, one.id) for one in self.rules.rounds]

    def sheets(self) -> list[SheetView]:
        return [sheet for judge in self.judges for sheet in self.sheets_of(judge)]

    def turns(self) -> list[Turn]:
        """Every entrant's turn in every round, in the running order."""
        newest = {(one.round, one.entrant_id): one for one in self.windows}
        ids = {one.code: one.id for one in self.entrants}
        return [
            Turn(one.id, code, _turn_state(newest.get((one.id, ids[code]))))
            for one in self.rules.rounds
            for code in in_order(list(ids), self.orders.get(one.id, []))
        ]

    def waiting_for(self, round_id: str, entrant: Entrant) -> list[Judge]:
        """The judges who have not yet submitted, recused themselves or been marked absent."""
        return [
            judge
            for judge in self.judges
            if not self.entry(judge, round_id, entrant).status.is_settled
        ]


def _turn_state(newest: Window | None) -> TurnState:
    if newest is None:
        return TurnState.WAITING
    return TurnState.OPEN if newest.is_open else TurnState.CLOSED


def entry_view(
    rules: Judging, judge: Judge, round_id: str, entrant: Entrant, written: WrittenEntry | None
) -> EntryView:
    status, reason = effective_status(judge.seat, entrant.id, written.status if written else None)
    marks = dict(written.marks) if written else {}
    return EntryView(
        round=round_id,
        entrant=entrant,
        status=status,
        reason=reason or (written.reason if written else ""),
        marks=marks,
        total=running_total(rules, marks),
        missing=tuple(error.field for error in missing_criteria(rules, marks)),
        sequence=written.sequence if written else 0,
    )


def _as_signed(rules: Judging, view: EntryView, signed: Entry) -> EntryView:
    return replace(
        view,
        status=signed.status,
        reason=signed.reason,
        marks=signed.marks,
        total=running_total(rules, signed.marks),
        missing=(),
    )


def content_of(contest: Contest, sheet: SheetView) -> SheetContent:
    """The sheet as it is now, in the form that is signed."""
    return SheetContent(
        contest=contest.slug,
        rulebook_digest=contest.rulebook.digest,
        round=sheet.round,
        seat=sheet.judge.seat.number,
        judge=sheet.judge.name,
        entries=tuple(
            Entry(entry.entrant.code, entry.status, entry.marks, entry.reason)
            for entry in sheet.entries
        ),
    )


def _entries_of(version: SignedVersion) -> dict[str, Entry]:
    return {entry.code: entry for entry in content_from_canonical(version.content).entries}


async def read_snapshot(contest: Contest) -> JudgingSnapshot:
    """The snapshot of one contest. Raises NotFound when its rulebook seats no judges."""
    written = await store_sheets.entries(contest.id)
    signed = await store_versions.newest_versions(contest.id)
    return JudgingSnapshot(
        contest=contest,
        rules=panel.judging_rules(contest),
        everyone=tuple(await entrants_of(contest.id)),
        judges=tuple(await panel.panel(contest.id)),
        written={(one.seat_id, one.round, one.entrant_id): one for one in written},
        signed={(one.seat_id, one.round): one for one in signed},
        in_force={(one.seat_id, one.round): _entries_of(one) for one in signed},
        windows=tuple(await order_store.windows(contest.id)),
        orders=await order_store.running_orders(contest.id),
    )
