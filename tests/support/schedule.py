"""Which tests a worker of the run takes together, and in which order.

The tests of a module share its database, so they stay on one worker; those that drive the
browser share a server and a browser, so they are one unit as well. Units that take longest
begin first: what is left at the end is small, and all workers come to their end together.
"""

import pytest
from xdist.scheduler import LoadScopeScheduling

_SITE = "tests/e2e"
_SERVERS_OF_THEIR_OWN = tuple(
    f"{_SITE}/test_{name}.py" for name in ("serving", "sub_path", "two_servers")
)
_LONGEST_FIRST = (
    _SITE,
    "tests/lab/replay/",
    "tests/live/boards/test_watched_server.py",
    "tests/lab/bench/",
    "tests/lab/fault/",
    "tests/core/engines/test_embedded.py",
    "tests/voting/",
    "tests/scoring/",
)
"""In the order in which they begin; whatever else there is follows."""


def unit_of(nodeid: str) -> str:
    """A module, or everything that shares the site of the browser tests."""
    module = nodeid.partition("::")[0]
    shares = module.startswith(f"{_SITE}/") and module not in _SERVERS_OF_THEIR_OWN
    return _SITE if shares else module


class LongestFirst(LoadScopeScheduling):  # type: ignore[misc]
    """Whole units, in the order of collection."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


def begin_with_the_longest(items: list[pytest.Item]) -> None:
    """Sort whole units, and leave the order within each as it is."""

    def place(item: pytest.Item) -> tuple[int, str]:
        unit = unit_of(item.nodeid)
        first = (n for n, start in enumerate(_LONGEST_FIRST) if unit.startswith(start))
        return (next(first, len(_LONGEST_FIRST)), unit)

    items.sort(key=place)
