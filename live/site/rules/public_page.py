"""What a contest's public pages say: pure functions of the contest, its board and the moment.

Counts come from the board's snapshot alone, so that a freeze, a daily publication or hidden counts
hold here as everywhere. Every state is said in words, not by colour only.
"""

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from contest.editions.rules.contest import Contest, Phase
from contest.entrants.rules.entrant import Entrant
from core.i18n import _
from live.boards.rules import Basis, Row, Snapshot
from live.site.rules.contest_clock import clock_of
from live.site.rules.contest_words import counts_words, result_words, window_words
from live.site.rules.rulebook_words import ballot_words
from voting.casting.rules.eligibility import check_choice, check_time
from voting.casting.rules.refusal import Reason, Refused, refused


@dataclass(frozen=True)
class VoterView:
    """What a signed-in voter may still do today. `votes_left` is None when nothing limits
    them; `full` are the entrant ids that may not get another vote from them today; `used_up`
    says which quota is spent, "" while none is."""

    votes_left: int | None
    full: frozenset[int]
    used_up: str = ""


@dataclass(frozen=True)
class ContestView:
    slug: str
    title: str
    phase: Phase
    rulebook_name: str
    rulebook_digest: str
    clock_words: str
    clock_to: datetime | None
    clock_left: str
    entrants_count: int
    valid: int | None
    under_review: int | None
    void: int | None
    taken_at: datetime | None
    counts_words: str
    provisional: bool
    frozen: bool
    open: bool
    least: int
    most: int
    ballot_words: str
    window_words: str
    voter_words: str
    result_words: str
    by_composite: bool
    live: bool


@dataclass(frozen=True)
class Card:
    """One entrant on a page. `share` is thousandths of the leader's votes, for a bar."""

    code: str
    name: str
    township: str
    photo: str | None
    withdrawn: bool
    rank: int | None
    valid: int | None
    under_review: int | None
    void: int | None
    composite: str | None
    share: int
    can_vote: bool
    voted: bool
    vote_words: str
    chosen: bool


def contest_view(
    contest: Contest,
    entrants: Sequence[Entrant],
    snapshot: Snapshot | None,
    voter: VoterView | None,
    now: datetime,
) -> ContestView:
    voting = contest.rulebook.voting
    clock = clock_of(contest, now)
    totals = snapshot.totals if snapshot else None
    return ContestView(
        slug=contest.slug,
        title=contest.title,
        phase=contest.phase,
        rulebook_name=contest.rulebook.full_name,
        rulebook_digest=contest.rulebook.digest,
        clock_words=clock.words,
        clock_to=clock.to,
        clock_left=clock.left,
        entrants_count=sum(1 for one in entrants if one.code and not one.withdrawn),
        valid=totals.valid if totals else None,
        under_review=totals.under_review if totals else None,
        void=totals.void if totals else None,
        taken_at=snapshot.counts_as_of if snapshot else None,
        counts_words=counts_words(contest, snapshot, now),
        provisional=bool(snapshot and snapshot.provisional) and contest.phase is not Phase.VOTING,
        frozen=bool(snapshot and snapshot.frozen),
        open=voting is not None and check_time(voting, contest.phase, now) is None,
        least=voting.entries_per_ballot.min if voting else 0,
        most=voting.entries_per_ballot.max if voting else 0,
        ballot_words=ballot_words(voting) if voting else _("本次评选不设公众投票"),
        window_words=window_words(contest),
        voter_words=_voter_words(contest, voter, now),
        result_words=result_words(contest),
        live=_counts_move(contest),
        by_composite=bool(snapshot and snapshot.basis is Basis.COMPOSITE),
    )


def cards(
    contest: Contest,
    entrants: Sequence[Entrant],
    snapshot: Snapshot | None,
    voter: VoterView | None,
    now: datetime,
    chosen: Collection[str] = (),
) -> list[Card]:
    """A card for everyone with a code, in the order of codes."""
    rows = {row.entrant: row for row in snapshot.rows} if snapshot else {}
    most = max((row.valid or 0 for row in rows.values()), default=0)
    refusal = check_time(contest.rulebook.voting, contest.phase, now)
    return [
        _card(one, rows.get(one.id), most, refusal, voter, chosen)
        for one in sorted(entrants, key=lambda one: one.code)
        if one.code
    ]


def ranked(all_cards: Sequence[Card], snapshot: Snapshot | None) -> list[Card]:
    """Those with a rank, best first; empty while no figure may be shown."""
    if snapshot is None or snapshot.basis is Basis.CODE:
        return []
    places = {row.code: place for place, row in enumerate(snapshot.rows)}
    return sorted(
        (card for card in all_cards if card.code in places),
        key=lambda card: places[card.code],
    )


def matching(all_cards: Sequence[Card], query: str) -> list[Card]:
    """Cards whose code, name or township contains what was typed; all cards if nothing was typed.

    A number is a code, with or without leading zeros: 7, 07 and 007 are the same.
    """
    wanted = "".join(unicodedata.normalize("NFKC", query).casefold().split())
    if not wanted:
        return list(all_cards)
    if wanted.isdecimal():
        exact = [card for card in all_cards if card.code.lstrip("0") == wanted.lstrip("0")]
        return exact or [card for card in all_cards if wanted in card.code]
    return [
        card
        for card in all_cards
        if wanted in "".join((card.name + card.township).casefold().split())
    ]


def ballot_refusal(
    contest: Contest,
    entrants: Sequence[Entrant],
    voter: VoterView,
    codes: Sequence[str],
    now: datetime,
) -> str:
    """Why this ballot would not be accepted now; "" if no reason is known.

    The ballot box decides; this spares the voter a refusal that can be foreseen.
    """
    voting = contest.rulebook.voting
    closed = check_time(voting, contest.phase, now)
    if closed is not None or voting is None:
        return closed.message if closed else ""
    here = {one.code: one for one in entrants if one.code}
    found = [
        (Reason.UNKNOWN_ENTRY, [code for code in codes if code not in here]),
        (Reason.WITHDRAWN_ENTRY, [c for c in codes if c in here and here[c].withdrawn]),
        (Reason.ALREADY_VOTED, [c for c in codes if c in here and here[c].id in voter.full]),
    ]
    for reason, wrong in found:
        if wrong:
            quota = voting.votes_per_entry_per_day
            return refused(reason, codes="、".join(wrong), quota=quota).message
    wrong_choice = check_choice(voting, codes)
    if wrong_choice is not None:
        return wrong_choice.message
    if voter.votes_left == 0 and voting.votes_per_day is not None:
        return refused(Reason.QUOTA_USED, quota=voting.votes_per_day).message
    if voter.votes_left is not None and voter.votes_left < len(codes):
        return refused(Reason.QUOTA_SHORT, left=voter.votes_left, wanted=len(codes)).message
    return ""


def _card(
    entrant: Entrant,
    row: Row | None,
    most: int,
    refusal: Refused | None,
    voter: VoterView | None,
    chosen: Collection[str],
) -> Card:
    voted = voter is not None and entrant.id in voter.full
    spent = voter is not None and voter.votes_left == 0
    words = _("投票")
    if entrant.withdrawn:
        words = _("已退出")
    elif refusal is not None:
        words = _closed_words(refusal)
    elif voted:
        words = _("今日已投")
    elif spent:
        words = _("今日票已用完")
    valid = row.valid if row else None
    return Card(
        code=entrant.code,
        name=entrant.name,
        township=entrant.township,
        photo=entrant.photo,
        withdrawn=entrant.withdrawn,
        rank=row.rank if row else None,
        valid=valid,
        under_review=row.under_review if row else None,
        void=row.void if row else None,
        composite=row.composite if row else None,
        share=round((valid or 0) * 1000 / most) if most else 0,
        can_vote=not (entrant.withdrawn or refusal is not None or voted or spent),
        voted=voted,
        vote_words=words,
        chosen=entrant.code in chosen,
    )


def _closed_words(refusal: Refused) -> str:
    """The few words that fit on a card; the banner says more."""
    return {
        Reason.NOT_OPEN_YET: _("投票未开始"),
        Reason.OUTSIDE_HOURS: _("现在不能投票"),
        Reason.CLOSED: _("投票已结束"),
    }.get(refusal.reason, "")


def _counts_move(contest: Contest) -> bool:
    """Whether counts may still change, so that the page follows the board."""
    voting = contest.rulebook.voting
    return (
        voting is not None
        and voting.count_display.mode != "hidden"
        and contest.phase in (Phase.VOTING, Phase.JUDGING, Phase.TALLYING)
    )


def _voter_words(contest: Contest, voter: VoterView | None, now: datetime) -> str:
    if voter is None or check_time(contest.rulebook.voting, contest.phase, now) is not None:
        return ""
    if voter.votes_left is None:
        return _("今日票数不限")
    if voter.used_up:
        return voter.used_up
    return _("今日还可投 %(n)s 票") % {"n": voter.votes_left}
