"""The board: what one audience may see of the votes and ranks of a contest at one moment.

Public and staff views are two values of one parameter, computed here and nowhere else. A freeze
keeps the last snapshot itself. It does not filter newer ones, so nothing newer can become visible
by mistake.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from contest.editions.rules.contest import Contest, Phase
from contest.entrants.rules.entrant import Entrant
from contest.rulebooks.rules.vocabulary import CountDisplay
from core.beijing import BEIJING
from voting.casting.rules.vote_rank import vote_ranks

# The board shows when its votes were counted, so it is published again after this time even
# if no figure has changed.
RESTATED_AFTER = timedelta(seconds=60)
# A total with endless decimals is cut on the board; the result page and the bundle have it whole.
PLACES_SHOWN = 4
_PUBLISHED = (Phase.PUBLIC_NOTICE, Phase.FINAL)
_COUNTED = (Phase.VOTING, Phase.JUDGING, Phase.TALLYING, *_PUBLISHED)


class Audience(StrEnum):
    PUBLIC = "public"
    STAFF = "staff"


class Basis(StrEnum):
    """What the rows are ordered by: `code` while no figure may be shown."""

    CODE = "code"
    VOTES = "votes"
    COMPOSITE = "composite"


@dataclass(frozen=True)
class Votes:
    """An entrant's votes by their state. Neither a voided vote nor one under review is valid."""

    valid: int = 0
    under_review: int = 0
    void: int = 0


@dataclass(frozen=True)
class Place:
    """An entrant's rank and composite score, as people read it, in a result of the engine."""

    rank: int
    composite: str


@dataclass(frozen=True)
class Row:
    """One line of the board. Figures and rank are None while they may not be shown."""

    entrant: int
    code: str
    name: str
    township: str
    photo: str | None
    rank: int | None
    valid: int | None
    under_review: int | None
    void: int | None
    composite: str | None


@dataclass(frozen=True)
class Snapshot:
    """A whole board.

    `taken_at` is when it was made, `counts_as_of` when its votes were counted (None: none shown),
    `next_counts_at` when a daily board is counted again. `kind` distinguishes it from other
    messages on the same socket.
    """

    contest: int
    slug: str
    title: str
    version: int
    taken_at: datetime
    frozen: bool
    provisional: bool
    basis: Basis
    counts_as_of: datetime | None
    next_counts_at: datetime | None
    totals: Votes | None
    rows: tuple[Row, ...]
    kind: str = "board"


@dataclass(frozen=True)
class BoardInput:
    """What a board is made from. `places` is empty until there is a composite score."""

    contest: Contest
    entrants: tuple[Entrant, ...]
    votes: Mapping[int, Votes]
    places: Mapping[int, Place]
    now: datetime


def is_provisional(contest: Contest) -> bool:
    """Whether the result is not yet certified: a contest enters public notice only with a certified
    result."""
    return contest.phase not in _PUBLISHED


def last_daily_moment(display: CountDisplay, opens_at: datetime, now: datetime) -> datetime | None:
    """The newest HH:MM Beijing time up to `now`; None when voting opened after it."""
    assert display.at is not None, "a daily snapshot names its time"
    today = datetime.combine(now.astimezone(BEIJING).date(), display.at, BEIJING)
    moment = today if today <= now else today - timedelta(days=1)
    return moment if moment > opens_at else None


def counts_due(contest: Contest, audience: Audience, now: datetime) -> datetime | None:
    """Votes counted at this moment or later may be shown; None: no votes may be shown."""
    voting = contest.rulebook.voting
    if voting is None or contest.phase not in _COUNTED or now < voting.window.opens_at:
        return None
    display = voting.count_display
    if audience is Audience.STAFF or display.mode == "live" or contest.phase in _PUBLISHED:
        return now
    if display.mode == "daily_snapshot":
        return last_daily_moment(display, voting.window.opens_at, now)
    return None


def next_snapshot(
    previous: Snapshot | None, given: BoardInput, audience: Audience, *, frozen: bool
) -> Snapshot:
    """The board that follows `previous`, with the next version number.

    A frozen board keeps every figure, name and time of the snapshot before it.
    """
    version = previous.version + 1 if previous else 1
    if frozen and previous is not None:
        return replace(previous, version=version, frozen=True)
    votes, as_of = _releasable(previous, given, audience)
    composites = _composites(given, audience)
    basis = Basis.CODE
    if composites or votes is not None:
        basis = Basis.COMPOSITE if composites else Basis.VOTES
    here = [one for one in given.entrants if one.code and not one.withdrawn]
    counted = [(votes or {}).get(one.id) for one in here]
    return Snapshot(
        contest=given.contest.id,
        slug=given.contest.slug,
        title=given.contest.title,
        version=version,
        taken_at=given.now,
        frozen=frozen,
        provisional=is_provisional(given.contest),
        basis=basis,
        counts_as_of=as_of,
        next_counts_at=_next_counts_at(given.contest, audience, given.now),
        totals=None if votes is None else _sum(one for one in counted if one),
        rows=_ranked(here, votes, composites),
    )


def worth_publishing(previous: Snapshot | None, snapshot: Snapshot) -> bool:
    """Whether readers would see a difference: another figure, flag or name, or a newer time of
    counting once the old one is more than RESTATED_AFTER ago."""
    if previous is None:
        return True
    moved = replace(
        snapshot,
        version=previous.version,
        taken_at=previous.taken_at,
        counts_as_of=previous.counts_as_of,
    )
    if moved != previous:
        return True
    old, new = previous.counts_as_of, snapshot.counts_as_of
    if old is None or new is None:
        return old != new
    return new - old >= RESTATED_AFTER


def _releasable(
    previous: Snapshot | None, given: BoardInput, audience: Audience
) -> tuple[Mapping[int, Votes] | None, datetime | None]:
    """The votes that may be shown and when they were counted."""
    due = counts_due(given.contest, audience, given.now)
    if due is None:
        return None, None
    published = previous.counts_as_of if previous else None
    if previous is not None and published is not None and due <= published and due < given.now:
        return {row.entrant: v for row in previous.rows if (v := _votes_of(row))}, published
    return {one.id: given.votes.get(one.id, Votes()) for one in given.entrants}, given.now


def _votes_of(row: Row) -> Votes | None:
    if row.valid is None or row.under_review is None or row.void is None:
        return None
    return Votes(row.valid, row.under_review, row.void)


def _composites(given: BoardInput, audience: Audience) -> Mapping[int, Place]:
    """Composite scores are public once the certified result is in public notice."""
    released = audience is Audience.STAFF or given.contest.phase in _PUBLISHED
    return given.places if released else {}


def _next_counts_at(contest: Contest, audience: Audience, now: datetime) -> datetime | None:
    voting = contest.rulebook.voting
    if (
        voting is None
        or audience is Audience.STAFF
        or voting.count_display.at is None
        or contest.phase not in (Phase.VOTING, Phase.JUDGING, Phase.TALLYING)
    ):
        return None
    after = max(now, voting.window.opens_at)
    day = after.astimezone(BEIJING).date()
    today = datetime.combine(day, voting.count_display.at, BEIJING)
    return today if today > after else today + timedelta(days=1)


def _sum(votes: Iterable[Votes]) -> Votes:
    counted = list(votes)
    return Votes(
        sum(one.valid for one in counted),
        sum(one.under_review for one in counted),
        sum(one.void for one in counted),
    )


def _ranked(
    entrants: list[Entrant],
    votes: Mapping[int, Votes] | None,
    composites: Mapping[int, Place],
) -> tuple[Row, ...]:
    """Rows in order of rank, then of code; equal votes share the best place (1, 2, 2, 4)."""
    valid = {one.id: votes[one.id].valid for one in entrants if votes and one.id in votes}
    ranks: Mapping[int, int | None] = (
        {one: place.rank for one, place in composites.items()} if composites else vote_ranks(valid)
    )
    rows = [
        _row(one, ranks.get(one.id), (votes or {}).get(one.id), composites.get(one.id))
        for one in entrants
    ]
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0, row.code))
    return tuple(rows)


def _row(entrant: Entrant, rank: int | None, votes: Votes | None, place: Place | None) -> Row:
    return Row(
        entrant=entrant.id,
        code=entrant.code,
        name=entrant.name,
        township=entrant.township,
        photo=entrant.photo,
        rank=rank,
        valid=votes.valid if votes else None,
        under_review=votes.under_review if votes else None,
        void=votes.void if votes else None,
        composite=place.composite if place else None,
    )
