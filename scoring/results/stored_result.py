"""A certified result as the database keeps it, read back into the engine's own values."""

from fractions import Fraction

import msgspec

from scoring.engine.result import Result


def result_from_json(text: str) -> Result:
    """The result that `result_to_json` wrote. Raises msgspec.ValidationError otherwise."""
    return msgspec.json.decode(text, type=Result, dec_hook=_exact)


def _exact(kind: type, value: object) -> object:
    assert kind is Fraction, kind
    return Fraction(str(value))
