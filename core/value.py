"""Small values of which a rush makes many."""

import msgspec


class Value(msgspec.Struct, frozen=True, gc=False):
    """Compared and hashed by its content, never changed; type checkers want `frozen=True` said
    again by every kind of it.

    Made at a fifth of what a frozen dataclass costs, and not counted by the search for garbage,
    which looks through everything that a process holds. So a Value must never hold, not even
    by way of another object, what leads back to it.
    """
