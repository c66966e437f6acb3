"""Where the shared data of real panels and votes lies, if this checkout has it beside it."""

import os
from pathlib import Path

import pytest


def shared_data() -> Path:
    """The shared `data` folder; without it the test says so and the tables of facts in
    `tests/scoring/engine/test_known_facts.py` alone keep the rule covered."""
    beside = Path(__file__).resolve().parents[2].parent / "shared"
    folder = Path(os.environ.get("SHIBAIQIAN_SHARED", beside)) / "data"
    if not folder.is_dir():
        pytest.skip(
            "the shared data folder is absent: put it beside the checkout or name it in "
            "SHIBAIQIAN_SHARED to compare with every real outcome"
        )
    return folder
