"""Small values that are made in great numbers."""

import msgspec


class Value(msgspec.Struct, frozen=True, gc=False):
    """Compared and hashed by its content, never changed; type checkers want `frozen=True` repeated
    in every subclass. Making one costs a fifth of a frozen dataclass, and the garbage collector
    does not track it. So a Value must never be part of a reference cycle: the cycle would not be
    freed.
    """
