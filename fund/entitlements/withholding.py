"""The withholding settings that this program ships."""

from functools import cache
from pathlib import Path

from fund.rules.tax import Withholding, read_withholding

_FILE = Path(__file__).parent.parent / "rules" / "withholding.toml"


@cache
def shipped() -> Withholding:
    return read_withholding(_FILE.read_text(encoding="utf-8"))
