"""Places by valid votes alone, which can be told before there is any mark."""

from collections.abc import Mapping


def vote_rank(valid: Mapping[int, int], entrant: int) -> int:
    """The place of an entrant; equal votes share the better one."""
    return 1 + sum(votes > valid.get(entrant, 0) for votes in valid.values())


def with_change(valid: Mapping[int, int], change: Mapping[int, int]) -> dict[int, int]:
    """Valid votes by entrant id after so many more, or fewer, for each; never below none."""
    everyone = valid.keys() | change.keys()
    return {one: max(0, valid.get(one, 0) + change.get(one, 0)) for one in everyone}
