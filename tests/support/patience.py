"""The bound of every wait that a library does for a test.

By themselves httpx and Playwright give up after five seconds: a hope that a busy machine has
answered by then. A test that says nothing else waits as long as all others do.
"""

import httpx
from httpx._config import DEFAULT_TIMEOUT_CONFIG
from playwright.async_api import expect

from tests.support.eventually import PATIENCE

PATIENCE_MS = PATIENCE * 1000


def be_patient() -> None:
    for name in ("connect", "read", "write", "pool"):
        setattr(DEFAULT_TIMEOUT_CONFIG, name, PATIENCE)
    assert httpx.Client().timeout == httpx.Timeout(PATIENCE), "httpx has another default now"
    expect.set_options(timeout=PATIENCE_MS)
