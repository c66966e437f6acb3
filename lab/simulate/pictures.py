"""The charts of docs/fraud.md, drawn from the runs themselves."""

from collections.abc import Sequence

import numpy as np

from lab.simulate.crowd import Crowd, Week, fading, week_of
from lab.simulate.honest import ENTRANTS, honest_week, leaning, networks, popularity
from lab.simulate.measure import AttackScore, make_week
from voting.review.cases.rules.chart import BLUE, GREY, ORANGE, Line, series_chart, share_chart
from voting.review.cases.rules.evidence import chart_numbers
from voting.review.detectors.burst import baseline
from voting.review.detectors.cases import CaseDraft, detect
from voting.review.detectors.observed import MINUTE, Ints, per_minute

_DAY = 24 * 60
_MENTION = 2 * _DAY + 19 * 60 + 30


def pictures(seed: int, scores: Sequence[AttackScore]) -> dict[str, str]:
    """File names and SVG texts."""
    return {
        "recall.svg": _recall(scores),
        "burst.svg": _case(seed, "burst 217 in 240 s", "217 votes in 4 minutes, and the baseline"),
        "drip.svg": _drip(seed),
        "television.svg": _television(seed),
    }


def _recall(scores: Sequence[AttackScore]) -> str:
    rows = [(one.attack, one.recall, one.vote_recall) for one in scores]
    return share_chart("Recall for each attack", rows, ("weeks found", "votes in a case"))


def _case(seed: int, attack: str, title: str) -> str:
    """The first week in which the attack was found, as its case would be shown."""
    for number in range(20):
        week = make_week(seed, number, attack)
        about = [one for one in detect(week.seen) if week.attack[one.rows].mean() > 0.5]
        if about:
            return _of_draft(week, about[0], title)
    raise ValueError(f"{attack} is never found")


def _of_draft(week: Week, draft: CaseDraft, title: str) -> str:
    chart = chart_numbers(week.seen, draft)
    lines = [
        Line("rare beyond this", chart["threshold"], GREY, dashed=True),
        Line("expected", chart["expected"], ORANGE),
        Line("votes", chart["counts"], BLUE),
    ]
    first = chart["start"] // MINUTE
    return series_chart(title, lines, _ticks(first, chart["width"], len(chart["counts"])), "votes")


def _drip(seed: int) -> str:
    """Votes by hour of the day, in percent of the day: the attacked entrant and the others."""
    week = make_week(seed, 0, "slow drip")
    entrant = int(np.bincount(week.seen.entrant[week.attack]).argmax())
    hour = week.seen.second % (24 * 3600) // 3600
    own = week.seen.entrant == entrant
    lines = [
        Line("attacked", _percent(hour[own]), BLUE),
        Line("all others", _percent(hour[~own]), GREY),
    ]
    ticks = [(at, f"{at:02d}:00") for at in (0, 6, 12, 18, 23)]
    return series_chart("A slow drip does not sleep", lines, ticks, "% of votes")


def _percent(hours: Ints) -> list[float]:
    counts = np.bincount(hours, minlength=24)
    return [round(float(one), 2) for one in 100 * counts / counts.sum()]


def _television(seed: int) -> str:
    """A mention on television: as steep as a burst, and slow to fade."""
    rng = np.random.default_rng([seed, 7])
    prefixes, weights = networks()
    mention = Crowd(
        1500,
        fading(_MENTION * MINUTE, 25),
        leaning(popularity(rng), 0, 1.0),
        prefixes,
        weights,
        fresh=0.97,
    )
    minutes = per_minute(week_of(rng, [*honest_week(rng), mention], ENTRANTS).seen)
    starts = np.arange(_MENTION - 60, _MENTION + 180, 2)
    counts, expected, _doubt = baseline(minutes, starts, 2)
    lines = [
        Line("expected", expected[:, 0].tolist(), ORANGE),
        Line("votes", counts[:, 0].tolist(), BLUE),
    ]
    ticks = _ticks(int(starts[0]), 2, len(starts))
    return series_chart("A mention on television", lines, ticks, "votes")


def _ticks(first: int, width: int, count: int) -> list[tuple[int, str]]:
    """Five places with day and hour."""
    places = [round(i * (count - 1) / 4) for i in range(5)]
    return [(at, _clock(first + at * width)) for at in places]


def _clock(minute: int) -> str:
    day, rest = divmod(minute, _DAY)
    return f"day {day + 1} {rest // 60:02d}:{rest % 60:02d}"
