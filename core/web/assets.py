"""Files that browsers and documents need: our own from `static/`, fonts from npm at set-up."""

import hashlib
from functools import cache
from pathlib import Path

from core.paths import ROOT

STATIC_DIR = ROOT / "frontend_templates" / "static"

# For documents and pictures that we draw ourselves; 30,890 characters, rare names included.
_FONTS = ROOT / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
REGULAR_FONT = _FONTS / "400Regular" / "NotoSansSC_400Regular.ttf"
BOLD_FONT = _FONTS / "700Bold" / "NotoSansSC_700Bold.ttf"


@cache
def fingerprint(path: Path) -> str:
    """Eight hex digits of the content, so that a changed file gets a new address."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]


def static_path(name: str) -> str:
    """`/static/app.css?v=1a2b3c4d`, without the site's own prefix."""
    return f"/static/{name}?v={fingerprint(STATIC_DIR / name)}"
