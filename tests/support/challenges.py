"""Being a browser that solves its challenge."""

import base64
import json
from typing import Any

from altcha.v1 import solve_challenge


def solution(puzzle: dict[str, Any], **changes: Any) -> str:
    """What ALTCHA's widget would put into the form; `changes` bend it."""
    found = solve_challenge(puzzle["challenge"], puzzle["salt"], "SHA-256", puzzle["maxNumber"], 0)
    assert found is not None
    told = {name: puzzle[name] for name in ("algorithm", "challenge", "salt", "signature")}
    payload = told | {"number": found.number} | changes
    return base64.b64encode(json.dumps(payload).encode()).decode()
