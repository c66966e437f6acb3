"""Files a browser needs: our own from `static/`, others' from the npm packages of set-up."""

import hashlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
STATIC_DIR = ROOT / "frontend_templates" / "static"

# The only third-party files that are served, by the name they are served under.
VENDOR_FILES = {
    "htmx.js": ROOT / "node_modules" / "htmx.org" / "dist" / "htmx.min.js",
}

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


def vendor_path(name: str) -> str:
    return f"/vendor/{name}?v={fingerprint(VENDOR_FILES[name])}"
