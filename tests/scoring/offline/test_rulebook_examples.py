"""The worked examples of docs/rulebooks.md and the shipped rulebooks, through the command."""

import csv
import io
import re
from pathlib import Path

import pytest

from contest.rulebooks.rules.rulebook import parse_rulebook
from contest.rulebooks.service import BUNDLED
from core.paths import ROOT
from tests.convert.folder import run_score

DOCUMENT = (ROOT / "docs" / "rulebooks.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^```(?:toml|csv) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

EXAMPLES = {
    title.strip(): dict(_BLOCK.findall(body))
    for title, _, body in (
        section.partition("\n") for section in re.split(r"^### ", DOCUMENT, flags=re.M)[1:]
    )
}


def test_document_has_an_example_of_each_kind() -> None:
    files = {name for example in EXAMPLES.values() for name in example}
    tables = ("entrants", "marks", "votes", "metrics", "points", "multipliers", "draws")
    assert files == {"rulebook.toml", "expected.csv", *(f"{name}.csv" for name in tables)}
    assert len(EXAMPLES) == 14


@pytest.mark.parametrize("title", sorted(EXAMPLES))
def test_example_gives_its_expected_result(title: str, tmp_path: Path) -> None:
    for name, content in EXAMPLES[title].items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    result = run_score(tmp_path / "rulebook.toml", tmp_path)
    computed = [
        {
            "entrant": one["entrant"],
            "rank": "" if one["rank"] is None else str(one["rank"]),
            "total": one["total"] or "",
            "awards": " ".join(one["awards"]),
        }
        for one in result["entrants"]
    ]
    assert computed == list(csv.DictReader(io.StringIO(EXAMPLES[title]["expected.csv"])))


AMOUNTS = {
    "top-ten-2026": [("top_ten", 10, 2_000_000)],
    "short-video-2026": [("best_creative", 1, 1_000_000)],
    "livestream-monthly-2026": [
        ("champion", 1, 500_000),
        ("runner_up", 1, 300_000),
        ("rising_star", 1, 100_000),
    ],
    "livestream-quarterly-2026": [
        ("champion", 1, 1_000_000),
        ("runner_up", 1, 500_000),
        ("rising_star", 1, 300_000),
    ],
    "livestream-annual-2026": [
        ("champion", 1, 2_000_000),
        ("runner_up", 1, 1_000_000),
        ("rising_star", 1, 500_000),
    ],
}


def test_bundled_rulebooks_give_the_amounts_of_the_policy() -> None:
    books = [
        parse_rulebook(path.read_text(encoding="utf-8")) for path in sorted(BUNDLED.glob("*.toml"))
    ]
    assert {
        book.id: [(award.id, award.quota, award.amount_fen) for award in book.awards]
        for book in books
    } == AMOUNTS
    assert [book.id for book in books if book.requires.approval_document] == ["top-ten-2026"]
