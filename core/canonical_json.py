"""JSON whose bytes are hashed or signed: one way to write it, and a strict way to read it.

Only the standard library is used, because whoever recomputes a result runs this module too.
"""

import json
from collections.abc import Mapping
from typing import Any


def canonical_text(value: object) -> str:
    """RFC 8785 for objects of strings, integers and lists of them: keys sorted, no spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def canonical_json(value: object) -> bytes:
    """`canonical_text` in UTF-8. Raises ValueError for text that UTF-8 cannot write."""
    return canonical_text(value).encode()


def read_json(content: bytes | str) -> object:
    """The value of a JSON text (UTF-8). Raises ValueError, also for one nested too deeply.

    A name that stands twice in an object and NaN are read as the standard library reads them;
    compare what was read with its canonical form to refuse them.
    """
    try:
        return json.loads(content if isinstance(content, str) else content.decode())
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def read_fields(value: object, kinds: Mapping[str, type]) -> dict[str, Any]:
    """The value, if it is an object of exactly these fields, each exactly of its kind.

    Raises ValueError otherwise. A bool is no int here, although it is one in Python.
    """
    if not isinstance(value, dict) or value.keys() != kinds.keys():
        raise ValueError("not an object of the expected fields")
    for name, kind in kinds.items():
        if type(value[name]) is not kind:
            raise ValueError(f"{name} is no {kind.__name__}")
    return value
