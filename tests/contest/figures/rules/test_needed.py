"""Which figures a rulebook needs from files."""

from contest.figures.rules.needed import FigureNeeded, figures_needed
from contest.rulebooks.rules.rulebook import parse_rulebook
from contest.rulebooks.service import BUNDLED
from tests.support.contests import RULES

BOOKS = BUNDLED


def test_votes_and_judges_need_no_figures() -> None:
    assert figures_needed(parse_rulebook(RULES)) == []


def test_metrics_are_needed_in_the_order_of_the_rulebook() -> None:
    book = parse_rulebook((BOOKS / "short_video_2026.toml").read_text(encoding="utf-8"))
    assert figures_needed(book) == [
        FigureNeeded("plays", "播放量", required=True, signed=False),
        FigureNeeded("likes", "点赞量", required=True, signed=False),
        FigureNeeded("shares", "转发量", required=True, signed=False),
    ]
