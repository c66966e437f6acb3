"""May this voter cast this ballot now? Pure: the moment and what was used are arguments."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from contest.editions.rules.contest import Phase
from contest.rulebooks.rules.vocabulary import Voting, VotingWindow
from core.beijing import BEIJING, beijing_day
from core.numbers import beijing
from core.value import Value
from voting.casting.rules.refusal import Reason, Refused, contest_quota_refused, refused

CODE = re.compile(r"[0-9A-Za-z]{1,20}")
"""What a candidate code may look like. Anything else is refused before it reaches the database:
a NUL would fail there, and a ballot that fails has its whole batch tried again one by one."""

_BEFORE_VOTING = frozenset({Phase.DRAFT, Phase.NOMINATION, Phase.REVIEW})


class Candidate(Value, frozen=True):
    """What the ballot paper says of one candidate code."""

    entrant_id: int
    withdrawn: bool


class Usage(Value, frozen=True):
    """The votes a voter has used: this Beijing day, in the whole contest, and this day for
    each entrant id. Every entry named on a ballot is one vote."""

    today: int = 0
    contest: int = 0
    per_entrant: Mapping[int, int] = MappingProxyType({})

    def after(self, entrants: Sequence[int]) -> "Usage":
        """The usage once a ballot naming `entrants` was accepted."""
        per_entrant = dict(self.per_entrant)
        for entrant in entrants:
            per_entrant[entrant] = per_entrant.get(entrant, 0) + 1
        return Usage(self.today + len(entrants), self.contest + len(entrants), per_entrant)


class Slots(Value, frozen=True):
    """The slots that an accepted ballot takes, numbered from 1.

    Its votes are numbers `day_slot`, `day_slot + 1` … of the voter's day; likewise
    `contest_slot` of the contest; `entry_slots` count the votes for each entrant that day.
    """

    entrants: tuple[int, ...]
    codes: tuple[str, ...]
    day_slot: int
    contest_slot: int
    entry_slots: tuple[int, ...]


def check_time(voting: Voting | None, phase: Phase, now: datetime) -> Refused | None:
    """Whether the contest takes votes at this moment, from anyone at all."""
    if voting is None:
        return refused(Reason.NO_VOTING)
    window = voting.window
    if phase in _BEFORE_VOTING or now < window.opens_at:
        return refused(Reason.NOT_OPEN_YET, opens=beijing(window.opens_at))
    if phase is not Phase.VOTING or now >= window.closes_at:
        return refused(Reason.CLOSED)
    if not _in_daily_hours(window, now):
        return refused(
            Reason.OUTSIDE_HOURS,
            start=f"{window.daily_from:%H:%M}",
            end=f"{window.daily_to:%H:%M}",
        )
    return None


def check_choice(voting: Voting, codes: Sequence[str]) -> Refused | None:
    """Whether the ballot is filled in as the rulebook asks, whoever casts it."""
    wanted = voting.entries_per_ballot
    if odd := [code for code in codes if CODE.fullmatch(code) is None]:
        return refused(Reason.UNKNOWN_ENTRY, codes=_listed(odd))
    if len(set(codes)) < len(codes):
        repeated = sorted(code for code, times in Counter(codes).items() if times > 1)
        return refused(Reason.REPEATED_ENTRY, codes=_listed(repeated))
    if not wanted.min <= len(codes) <= wanted.max:
        span = f"{wanted.min}" if wanted.min == wanted.max else f"{wanted.min} 至 {wanted.max}"
        return refused(Reason.WRONG_NUMBER, wanted=span, chosen=len(codes))
    return None


def decide(
    voting: Voting, codes: Sequence[str], paper: Mapping[str, Candidate], usage: Usage
) -> Slots | Refused:
    """Accept a well-formed ballot into the next free slots, or say why not.

    `paper` holds the candidates of this contest, at least those among `codes`.
    """
    named = [paper.get(code) for code in codes]
    known = [one for one in named if one is not None]
    if len(known) < len(named):
        unknown = [code for code in codes if code not in paper]
        return refused(Reason.UNKNOWN_ENTRY, codes=_listed(unknown))
    if gone := [code for code, one in zip(codes, known, strict=True) if one.withdrawn]:
        return refused(Reason.WITHDRAWN_ENTRY, codes=_listed(gone))
    if over := _over_quota(voting, len(codes), usage):
        return over
    entrants = tuple([one.entrant_id for one in known])
    entry_slots = tuple([usage.per_entrant.get(entrant, 0) + 1 for entrant in entrants])
    most = voting.votes_per_entry_per_day
    if most is not None and max(entry_slots, default=0) > most:
        full = [code for code, slot in zip(codes, entry_slots, strict=True) if slot > most]
        return refused(Reason.ALREADY_VOTED, codes=_listed(full), quota=most)
    return Slots(entrants, tuple(codes), usage.today + 1, usage.contest + 1, entry_slots)


def votes_left(voting: Voting, usage: Usage) -> int | None:
    """How many votes the voter may still use today; None when nothing limits them."""
    quotas = ((voting.votes_per_day, usage.today), (voting.votes_per_contest, usage.contest))
    left = [max(0, quota - used) for quota, used in quotas if quota is not None]
    return min(left, default=None)


def used_up(voting: Voting, usage: Usage) -> str:
    """What a voter reads who has no vote left now; "" while there is one."""
    refusal = _over_quota(voting, 1, usage)
    return refusal.message if refusal else ""


def next_change(window: VotingWindow, now: datetime) -> datetime | None:
    """When voting next opens or closes by the clock alone; None once it is over."""
    if now >= window.closes_at:
        return None
    if now < window.opens_at:
        return window.opens_at
    today = beijing_day(now)
    edges = [
        datetime.combine(day, edge, BEIJING)
        for day in (today, today + timedelta(days=1))
        for edge in (window.daily_from, window.daily_to)
        if edge is not None
    ]
    return min(edge for edge in (*edges, window.closes_at) if edge > now)


def _over_quota(voting: Voting, wanted: int, usage: Usage) -> Refused | None:
    if voting.votes_per_contest is not None:
        left = voting.votes_per_contest - usage.contest
        if left < wanted:
            return contest_quota_refused(quota=voting.votes_per_contest, left=left, wanted=wanted)
    if voting.votes_per_day is not None:
        left = voting.votes_per_day - usage.today
        if left <= 0:
            return refused(Reason.QUOTA_USED, quota=voting.votes_per_day)
        if left < wanted:
            return refused(Reason.QUOTA_SHORT, left=left, wanted=wanted)
    return None


def _in_daily_hours(window: VotingWindow, now: datetime) -> bool:
    if window.daily_from is None or window.daily_to is None:
        return True
    return window.daily_from <= now.astimezone(BEIJING).time() < window.daily_to


def _listed(codes: Sequence[str]) -> str:
    """Codes that anybody may have typed, safe to put into a sentence: shortened, and without
    characters that are invisible or reverse the direction of writing."""
    shown = "、".join("".join(filter(str.isprintable, code[:12])) for code in codes[:5])
    return shown + ("…" if len(codes) > 5 else "")
