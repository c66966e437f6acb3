"""Rehearsed data: what a rulebook would do, before anybody enters."""

from pathlib import Path

import pytest

from contest.rulebooks.rules.rulebook import parse_rulebook
from contest.rulebooks.service import BUNDLED
from scoring.engine.compute import score
from scoring.engine.rehearsal import rehearsal_data
from scoring.engine.sensitivity import effective_weights

RULEBOOKS = sorted(BUNDLED.glob("*.toml"))


@pytest.mark.parametrize("path", RULEBOOKS, ids=lambda path: path.stem)
def test_every_shipped_rulebook_can_be_rehearsed(path: Path) -> None:
    book = parse_rulebook(path.read_text(encoding="utf-8"))
    data = rehearsal_data(book, seed=1)
    result = score(book, data)
    assert result.problems == ()
    assert len([one for one in result.entrants if one.rank is not None]) == 20
    assert rehearsal_data(book, seed=1) == data != rehearsal_data(book, seed=2)


def test_rehearsal_shows_that_thirty_percent_can_decide() -> None:
    book = parse_rulebook(RULEBOOKS[-1].read_text(encoding="utf-8"))
    assert book.id == "top-ten-2026"
    shares = []
    for seed in range(5):
        weights = effective_weights(score(book, rehearsal_data(book, seed=seed)))
        shares.append({one.component: one.effective for one in weights}["vote"])
    assert min(share for share in shares if share is not None) > 80
    assert len(shares) == 5
