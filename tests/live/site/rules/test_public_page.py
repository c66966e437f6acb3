"""The words and figures of a contest's public page."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from contest.editions.rules.contest import Contest, Phase
from contest.entrants.rules.entrant import Entrant
from contest.rulebooks.rules.rulebook import parse_rulebook
from contest.rulebooks.rules.vocabulary import Voting
from core.beijing import BEIJING
from live.boards.rules import Basis, Row, Snapshot, Votes
from live.site.rules.contest_clock import home_entry
from live.site.rules.public_page import (
    VoterView,
    ballot_refusal,
    cards,
    contest_view,
    matching,
    ranked,
)
from tests.support.contests import RULES, rulebook_text

OPENS = datetime(2026, 9, 1, 8, 0, tzinfo=BEIJING)
CLOSES = datetime(2026, 9, 15, 18, 0, tzinfo=BEIJING)
DURING = datetime(2026, 9, 12, 14, 0, tzinfo=BEIJING)
NOBODY = VoterView(None, frozenset())


def contest(phase: Phase = Phase.VOTING, **replaced: str) -> Contest:
    rulebook = parse_rulebook(
        rulebook_text(opens_at=OPENS, closes_at=CLOSES, base=RULES, **replaced)
    )
    return Contest(1, "top", rulebook.title, rulebook.id, "2026", phase, OPENS, rulebook, 1, OPENS)


def entrant(number: int, name: str = "", *, withdrawn: bool = False) -> Entrant:
    return Entrant(
        id=number,
        contest_id=1,
        code=f"{number:03d}",
        name=name or f"候选人{number}",
        nominator="同江镇",
        township="同江镇",
        summary="",
        case_report="",
        photo=None,
        first_time=False,
        withdrawn_at=DURING if withdrawn else None,
    )


def snapshot(*votes: int | None, basis: Basis = Basis.VOTES) -> Snapshot:
    """A board of entrants 1, 2 … in the order given, with these valid votes."""
    rows = tuple(
        Row(place, f"{place:03d}", f"候选人{place}", "同江镇", None, place, valid, 0, 0, None)
        for place, valid in enumerate(votes, start=1)
    )
    totals = Votes(sum(one or 0 for one in votes)) if None not in votes else None
    return Snapshot(
        1, "top", "", 1, DURING, False, True, basis, DURING if totals else None, None, totals, rows
    )


def voting_of(one: Contest) -> Voting:
    assert one.rulebook.voting is not None
    return one.rulebook.voting


@pytest.mark.parametrize(
    ("phase", "now", "words"),
    [
        (Phase.NOMINATION, OPENS - timedelta(days=3), "距投票开始还有 3 天"),
        (Phase.VOTING, DURING, "距投票截止还有 3 天 4 小时"),
        (Phase.VOTING, CLOSES - timedelta(seconds=1), "距投票截止还有 1 秒"),
        (Phase.VOTING, CLOSES, "投票已结束，正在核票"),
        (Phase.REVIEW, DURING, "正在审核候选人资格"),
        (Phase.JUDGING, CLOSES, "正在专家评审"),
        (Phase.FINAL, CLOSES, "结果已正式公布"),
    ],
)
def test_clock_says_what_is_waited_for(phase: Phase, now: datetime, words: str) -> None:
    assert home_entry(contest(phase), now).words == words


def test_clock_says_when_daily_hours_begin_again() -> None:
    one = contest()
    window = replace(
        voting_of(one).window,
        daily_from=time(8),
        daily_to=time(12),
    )
    hours = replace(
        one, rulebook=replace(one.rulebook, voting=replace(voting_of(one), window=window))
    )
    assert home_entry(hours, DURING).words == "今日投票已停，距下次开始还有 18 小时"


def test_card_of_open_voting_can_take_a_vote() -> None:
    (card,) = cards(contest(), [entrant(1)], snapshot(7), None, DURING)
    assert (card.can_vote, card.vote_words, card.valid, card.share) == (True, "投票", 7, 1000)


@pytest.mark.parametrize(
    ("voter", "now", "words"),
    [
        (VoterView(9, frozenset({1})), DURING, "今日已投"),
        (VoterView(0, frozenset()), DURING, "今日票已用完"),
        (VoterView(9, frozenset()), CLOSES, "投票已结束"),
        (None, OPENS - timedelta(seconds=1), "投票未开始"),
    ],
)
def test_card_writes_why_it_takes_no_vote(
    voter: VoterView | None, now: datetime, words: str
) -> None:
    (card,) = cards(contest(), [entrant(1)], None, voter, now)
    assert (card.can_vote, card.vote_words) == (False, words)


def test_withdrawn_entrant_keeps_a_card_without_votes() -> None:
    here = [entrant(1), entrant(2, withdrawn=True)]
    _, card = cards(contest(), here, snapshot(7), None, DURING)
    assert (card.can_vote, card.vote_words, card.valid) == (False, "已退出", None)
    assert contest_view(contest(), here, snapshot(7), None, DURING).entrants_count == 1


def test_entrant_without_a_code_is_not_shown() -> None:
    assert cards(contest(), [replace(entrant(1), code="")], None, None, DURING) == []


def test_hidden_counts_are_nowhere_in_the_page() -> None:
    hidden = contest(count_display='{ mode = "hidden" }')
    board = snapshot(None, None, basis=Basis.CODE)
    view = contest_view(hidden, [entrant(1), entrant(2)], board, None, DURING)
    shown = cards(hidden, [entrant(1), entrant(2)], board, None, DURING)
    assert (view.valid, view.under_review, view.taken_at) == (None, None, None)
    assert view.counts_words == "投票期间不公布票数，结果公布时一并公开"
    assert [(one.valid, one.share) for one in shown] == [(None, 0), (None, 0)]
    assert ranked(shown, board) == []


def test_ranking_follows_the_board() -> None:
    board = replace(snapshot(3, 9), rows=tuple(reversed(snapshot(3, 9).rows)))
    shown = cards(contest(), [entrant(1), entrant(2)], board, None, DURING)
    assert [one.code for one in ranked(shown, board)] == ["002", "001"]


def found(query: str) -> list[str]:
    here = [entrant(7, "尤桂兰"), entrant(17, "葛 玉霞"), entrant(70, "Anna")]
    return [card.code for card in matching(cards(contest(), here, None, None, DURING), query)]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["007", "017", "070"]),
        ("  ", ["007", "017", "070"]),
        ("7", ["007"]),
        ("007", ["007"]),
        ("０７", ["007"]),
        ("1", ["017"]),
        ("桂", ["007"]),
        ("葛玉霞", ["017"]),
        ("ANNA", ["070"]),
        ("同江", ["007", "017", "070"]),
        ("没有", []),
        ("0", ["007", "017", "070"]),
    ],
)
def test_search_finds_by_code_or_name(query: str, codes: list[str]) -> None:
    assert found(query) == codes


@pytest.mark.parametrize(
    ("codes", "voter", "sentence"),
    [
        (["001"], NOBODY, ""),
        (["009"], NOBODY, "没有这个编号的候选人：009"),
        (["002"], NOBODY, "002 号已经退出评选，不能再投"),
        (["001"], VoterView(5, frozenset({1})), "今天已经投过 001 号，每日每位最多 1 票"),
        ([], NOBODY, "每张选票须选 1 位，现在选了 0 位"),
        (["001", "003"], NOBODY, "每张选票须选 1 位，现在选了 2 位"),
        (["001"], VoterView(0, frozenset()), "今日的 10 票已经用完；投票期间每天零点重新计算"),
    ],
)
def test_ballot_that_cannot_count_is_told_before_it_is_cast(
    codes: list[str], voter: VoterView, sentence: str
) -> None:
    here = [entrant(1), entrant(2, withdrawn=True), entrant(3)]
    assert ballot_refusal(contest(), here, voter, codes, DURING) == sentence


def test_ballot_after_the_close_is_told_so() -> None:
    assert ballot_refusal(contest(), [entrant(1)], NOBODY, ["001"], CLOSES) == "投票已经结束"


def test_view_says_what_the_voter_may_still_do() -> None:
    view = contest_view(contest(), [entrant(1)], None, VoterView(3, frozenset()), DURING)
    assert view.voter_words == "今日还可投 3 票"
    assert view.ballot_words == "每人每天 10 票，对同一候选人每天最多 1 票"
