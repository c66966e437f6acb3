"""Places by valid votes alone, which are known before any judge's mark."""

from collections.abc import Mapping


def vote_ranks(valid: Mapping[int, int]) -> dict[int, int]:
    """The place of every entrant id; equal votes share the better one (1, 2, 2, 4). Before
    the first vote nobody has a place."""
    if not any(valid.values()):
        return {}
    places: dict[int, int] = {}
    for place, votes in enumerate(sorted(valid.values(), reverse=True), 1):
        places.setdefault(votes, place)
    return {one: places[votes] for one, votes in valid.items()}


def with_change(valid: Mapping[int, int], change: Mapping[int, int]) -> dict[int, int]:
    """Valid votes of the same entrants after so many more, or fewer, for each."""
    return {one: max(0, votes + change.get(one, 0)) for one, votes in valid.items()}
