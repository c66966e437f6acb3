"""Groups of voters who behave alike, and the votes they cast."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from voting.review.detectors.observed import DAY, Floats, Ints, Observed, in_order

HOUR = 3600
DAYS = 7
VOTES_PER_DAY = 3
RHYTHM = np.array(
    [6, 3, 2, 1, 1, 3, 10, 22, 34, 38, 40, 42, 48, 44, 38, 36, 36, 40, 50, 62, 70, 64, 40, 18],
    dtype=float,
)
"""How many vote in each hour of an ordinary day; only the proportions matter."""

AT_ONCE, WEEK_OLD = 3.0, 7 * 24 * 60
Times = Callable[[np.random.Generator, int], Floats]


@dataclass(frozen=True)
class Crowd:
    """`size` voters. `times` gives each one's first vote, in seconds from the beginning.

    `taste` is the probability of each entrant as a voter's own. `only` of them vote for
    nobody else; `fresh` of them signed up to vote; `back` is the chance to come again on each
    following day, `jitter` by how many seconds the hour then differs. `prefixes` are drawn
    from with `weights`; a device serves `per_device` accounts on average.
    """

    size: int
    times: Times
    taste: Floats
    prefixes: Ints
    weights: Floats | None = None
    only: float = 0.5
    fresh: float = 0.7
    back: float = 0.35
    jitter: float = 2700.0
    per_device: float = 1.1
    attack: bool = False


@dataclass(frozen=True)
class Week:
    """What the detectors see, and beside it which votes are an attack's."""

    seen: Observed
    attack: np.ndarray


def week_of(rng: np.random.Generator, crowds: Sequence[Crowd], entrants: int) -> Week:
    """The votes of all crowds within the week, by time."""
    parts = []
    voters = devices = 0
    for crowd in crowds:
        part = _votes(rng, crowd, entrants)
        part["voter"] += voters
        part["device"] += devices
        voters, devices = part["voter"].max(initial=voters) + 1, part["device"].max(initial=0) + 1
        parts.append(part)
    whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    keep = (whole["second"] >= 0) & (whole["second"] < DAYS * DAY)
    whole = {name: column[keep] for name, column in whole.items()}
    order = np.argsort(whole["second"], kind="stable")
    seen = Observed(
        entrants=entrants,
        sequence=np.arange(1, len(order) + 1),
        until=DAYS * DAY,
        **{
            name: whole[name][order]
            for name in ("second", "entrant", "voter", "prefix", "device", "age")
        },
    )
    return Week(in_order(seen), whole["attack"][order].astype(bool))


def _votes(rng: np.random.Generator, crowd: Crowd, entrants: int) -> dict[str, Ints]:
    n = crowd.size
    first = crowd.times(rng, n)
    own = rng.choice(entrants, size=n, p=crowd.taste)
    only = rng.random(n) < crowd.only
    late = rng.random(n) >= crowd.fresh
    since = np.where(late, rng.uniform(60, WEEK_OLD, n), rng.exponential(AT_ONCE, n))
    prefix = rng.choice(crowd.prefixes, size=n, p=crowd.weights)
    device = np.sort(rng.integers(0, max(1, round(n / crowd.per_device)), n))
    # who comes back: every later day with the same chance, at about the same hour
    days = 1 + (rng.random((n, DAYS)) < crowd.back).cumprod(axis=1).sum(axis=1)
    who = np.repeat(np.arange(n), days)
    nth = np.arange(len(who)) - np.repeat(np.cumsum(days) - days, days)
    second = first[who] + nth * DAY + (nth > 0) * rng.normal(0, crowd.jitter, len(who))
    others = np.where(only[who], 0, rng.integers(0, VOTES_PER_DAY, len(who)))
    ballots = np.repeat(np.arange(len(who)), 1 + others)
    place = np.arange(len(ballots)) - np.repeat(np.cumsum(1 + others) - 1 - others, 1 + others)
    voter = who[ballots]
    # a further vote is for someone else: the voter's own shifted around the list
    other = (own[voter] + place * rng.integers(1, max(2, entrants // 3), len(ballots))) % entrants
    at = second[ballots] + place * rng.uniform(5, 30, len(ballots))
    age = np.minimum(WEEK_OLD, since[voter] + (at - first[voter]) / 60)
    return {
        "second": np.floor(at).astype(np.int64),
        "entrant": np.where(place == 0, own[voter], other).astype(np.int64),
        "voter": voter.astype(np.int64),
        "prefix": prefix[voter].astype(np.int64),
        "device": device[voter].astype(np.int64),
        "age": np.maximum(0, age).astype(np.int64),
        "attack": np.full(len(voter), crowd.attack, dtype=np.int64),
    }


def by_rhythm(*, decay: float = 0.85) -> Times:
    """Over the week as the hours of a day go, fewer newcomers each day."""

    def times(rng: np.random.Generator, n: int) -> Floats:
        daily = decay ** np.arange(DAYS)
        hourly = (daily[:, None] * RHYTHM[None, :]).ravel()
        hour = rng.choice(DAYS * 24, size=n, p=hourly / hourly.sum())
        return hour * HOUR + rng.uniform(0, HOUR, n)

    return times


def fading(start: float, minutes: float, *, rise: float = 0.0) -> Times:
    """From `start` on, growing for `rise` minutes, then fading with the given time constant."""

    def times(rng: np.random.Generator, n: int) -> Floats:
        up = rise / (rise + 2 * minutes)
        ramp = start + np.sqrt(rng.random(n)) * rise * 60
        tail = start + rise * 60 + rng.exponential(minutes * 60, n)
        return np.where(rng.random(n) < up, ramp, tail)

    return times


def evenly(start: float, seconds: float, *, paced: bool = False) -> Times:
    """Between two moments; `paced` at even gaps, as a machine does it."""

    def times(rng: np.random.Generator, n: int) -> Floats:
        if paced:
            return start + np.arange(n) * (seconds / n) + rng.uniform(0, 1, n)
        return start + rng.uniform(0, seconds, n)

    return times
