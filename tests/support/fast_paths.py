"""The whole application without one of the fast paths in front of the framework."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx


@contextmanager
def without(client: httpx.AsyncClient, fast_path: type[Any]) -> Iterator[None]:
    """Let the browser reach the handler without passing this layer; those outside it are
    passed by as well."""
    transport: Any = client._transport
    whole = application = transport.app
    while not isinstance(application, fast_path):
        application = application.app
    transport.app = application.app
    try:
        yield
    finally:
        transport.app = whole
