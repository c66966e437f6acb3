"""Files that browsers need, from `static/`, each under an address that changes with it."""

import hashlib
from functools import cache
from pathlib import Path

from core.paths import ROOT

STATIC_DIR = ROOT / "frontend_templates" / "static"


@cache
def fingerprint(path: Path) -> str:
    """Eight hex digits of the content, so that a changed file gets a new address."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]


def static_path(name: str) -> str:
    """`/static/app.css?v=1a2b3c4d`, without the site's own prefix."""
    return f"/static/{name}?v={fingerprint(STATIC_DIR / name)}"
