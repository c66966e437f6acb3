"""What tests of services take beside the fixtures of every package."""

import httpx
import pytest

from core.runtime import Runtime
from tests.support.people import runtime_of


@pytest.fixture
def runtime(client: httpx.AsyncClient) -> Runtime:
    """The runtime of the application behind `client`, whose pool is open."""
    return runtime_of(client)
