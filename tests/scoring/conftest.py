"""Fixtures of the scoring tests."""

from pathlib import Path

import pytest

from tests.support.shared import shared_data


@pytest.fixture(scope="session")
def shared() -> Path:
    return shared_data()
