"""The rulebooks that come with the software."""

from functools import cache
from pathlib import Path

BUNDLED = Path(__file__).parent / "bundled"


@cache
def bundled_rulebooks() -> dict[str, str]:
    """Name → text, in TOML."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(BUNDLED.glob("*.toml"))}
