"""Candidate codes: three digits, assigned in an order that anyone can check."""

import hashlib
from collections.abc import Callable, Sequence

from contest.entrants.rules.entrant import Entrant

CODE_ORDERS = ("random", "pinyin")
MOST_CODES = 999


def in_code_order(
    entrants: Sequence[Entrant], order: str, seed: str, pinyin: Callable[[str], str]
) -> list[Entrant]:
    """The entrants in the order in which they get their codes.

    "random" sorts by SHA-256 of seed, nominator and name, one a line: with the published
    seed anyone can repeat the draw. "pinyin" sorts by the name as it is read aloud.
    """

    def drawn(entrant: Entrant) -> tuple[str, int]:
        text = f"{seed}\n{entrant.nominator}\n{entrant.name}"
        return hashlib.sha256(text.encode()).hexdigest(), entrant.id

    def read_aloud(entrant: Entrant) -> tuple[str, int]:
        return pinyin(entrant.name), entrant.id

    return sorted(entrants, key=drawn if order == "random" else read_aloud)


def new_codes(
    entrants: Sequence[Entrant], order: str, seed: str, pinyin: Callable[[str], str]
) -> dict[int, str]:
    """Codes for those who have none, entrant id → "001"; a given code is never changed.

    Raises ValueError when three digits do not suffice.
    """
    taken = {entrant.code for entrant in entrants if entrant.code}
    free = [code for n in range(1, MOST_CODES + 1) if (code := f"{n:03d}") not in taken]
    waiting = [entrant for entrant in entrants if not entrant.code and not entrant.withdrawn]
    if len(waiting) > len(free):
        raise ValueError("three digits do not suffice")
    ordered = in_code_order(waiting, order, seed, pinyin)
    return {entrant.id: code for entrant, code in zip(ordered, free, strict=False)}
