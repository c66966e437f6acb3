"""Attacks on a week, each as its sellers describe or its victims reported it."""

from collections.abc import Callable

import numpy as np

from lab.simulate.crowd import HOUR, Crowd, Times, by_rhythm, evenly, fading
from lab.simulate.honest import ENTRANTS, networks
from voting.review.detectors.observed import DAY, Floats

REAL_BURSTS = ((315, 180), (217, 240), (420, 120), (223, 60), (222, 51), (513, 2400))
"""Votes and seconds of bursts that were reported from real contests."""

Attack = Callable[[np.random.Generator, int], list[Crowd]]
_PROXIES = np.arange(2_000, 2_060)
_FARM = np.arange(3_000, 3_002)


def _for(entrant: int) -> Floats:
    taste = np.zeros(ENTRANTS)
    taste[entrant] = 1.0
    return taste


def _bought(size: int, times: Times, entrant: int, *, home: bool = False, **given: float) -> Crowd:
    """Accounts made for one entrant: at proxies, or at people's homes."""
    prefixes, weights = networks() if home else (_PROXIES, None)
    usual = {"only": 1.0, "fresh": 0.97, "back": 0.0, "per_device": 1.0, **given}
    return Crowd(size, times, _for(entrant), prefixes, weights, attack=True, **usual)


def _daytime(rng: np.random.Generator) -> float:
    return float(rng.integers(1, 6) * DAY + rng.uniform(9, 21) * HOUR)


def real_burst(number: int) -> Attack:
    """One of the bursts that really happened."""
    votes, seconds = REAL_BURSTS[number]

    def attack(rng: np.random.Generator, entrant: int) -> list[Crowd]:
        return [_bought(votes, evenly(_daytime(rng), seconds), entrant)]

    return attack


def slow_drip(rng: np.random.Generator, entrant: int) -> list[Crowd]:
    """Forty an hour around the clock for five days: far under every published trigger."""
    start = float(rng.integers(0, 2)) * DAY
    return [_bought(40 * 24 * 5, evenly(start, 5 * DAY, paced=False), entrant)]


def drip_by_day(rng: np.random.Generator, entrant: int) -> list[Crowd]:
    """As many, but at the hours of honest people, from homes, some coming back."""
    size = int(rng.integers(2_500, 3_500))
    return [_bought(size, by_rhythm(decay=1.0), entrant, home=True, back=0.3, fresh=0.8)]


def phone_farm(rng: np.random.Generator, entrant: int) -> list[Crowd]:
    """Eighty phones with twelve accounts each, every day, by a script."""
    start = float(rng.integers(0, 2) * DAY + rng.uniform(9, 16) * HOUR)
    script = evenly(start, 960 * 5.0, paced=True)
    return [
        Crowd(
            size=960,
            times=script,
            taste=_for(entrant),
            prefixes=_FARM,
            only=1.0,
            fresh=0.95,
            back=0.97,
            jitter=20.0,
            per_device=12.0,
            attack=True,
        )
    ]


def careful_farm(rng: np.random.Generator, entrant: int) -> list[Crowd]:
    """The same, cookies deleted between accounts and every phone behind another proxy."""
    start = float(rng.integers(0, 2) * DAY + rng.uniform(9, 16) * HOUR)
    return [_bought(960, evenly(start, 3 * HOUR), entrant, fresh=0.95, back=0.9)]


def human_crowd(rng: np.random.Generator, entrant: int) -> list[Crowd]:
    """Nine hundred people paid by the vote, from their own homes and phones, in two hours."""
    return [_bought(900, evenly(_daytime(rng), 2 * HOUR), entrant, home=True, only=0.95)]


def small_crowd(rng: np.random.Generator, entrant: int) -> list[Crowd]:
    """Two hundred of them over an evening."""
    return [_bought(200, fading(_daytime(rng), 60), entrant, home=True, only=0.95, fresh=0.8)]


def seasoned_crowd(rng: np.random.Generator, entrant: int) -> list[Crowd]:
    """Nine hundred who have voted before and vote for others too, now and then."""
    times = evenly(_daytime(rng), 2 * HOUR)
    usual = {"only": 0.6, "fresh": 0.3, "back": 0.3}
    return [_bought(900, times, entrant, home=True, **usual)]


def fading_burst(rng: np.random.Generator, entrant: int) -> list[Crowd]:
    """A burst that its seller lets fade like a mention on television, from seasoned homes."""
    times = fading(_daytime(rng), 20)
    usual = {"only": 0.6, "fresh": 0.5, "back": 0.3}
    return [_bought(600, times, entrant, home=True, **usual)]


def hostile(rng: np.random.Generator, entrant: int) -> list[Crowd]:
    """A clumsy burst for a rival, so that the rival is blamed."""
    return [_bought(600, evenly(_daytime(rng), 600), entrant, fresh=1.0)]


ATTACKS: dict[str, Attack] = {
    **{f"burst {v} in {s} s": real_burst(i) for i, (v, s) in enumerate(REAL_BURSTS)},
    "slow drip": slow_drip,
    "drip by day": drip_by_day,
    "phone farm": phone_farm,
    "careful farm": careful_farm,
    "human crowd": human_crowd,
    "small crowd": small_crowd,
    "seasoned crowd": seasoned_crowd,
    "fading burst": fading_burst,
    "hostile votes": hostile,
}
