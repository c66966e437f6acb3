"""A small table of real outcomes, so that the rules stay covered without the shared folder.

Figure skating: world championships 2017, pairs short program, first-placed pair (CC BY 4.0,
BuzzFeedNews/figure-skating-scores). Song contest: finals 2016 and 2021, places that were tied
on points (MIT, Amsterdam-Music-Lab/mirovision).
"""

from fractions import Fraction
from pathlib import Path

import pytest

from scoring.engine.compute import score
from scoring.engine.data import PointsItem, ScoringData
from tests.convert.folder import RULEBOOKS, by_entrant, run_score, write_table
from tests.convert.skating import CRITERIA, JUDGES
from tests.support.contest_data import VOTES_ONLY, entrants, rulebook, votes

FACTOR = "0.8"
TECHNICAL, COMPONENTS, SEGMENT = "44.4", "36.83", "81.23"
PANELS = {
    "Skating Skills": ("9.25 9.5 9 9 9 8.75 9.25 9.25 8.5", "9.07"),
    "Transitions": ("9.5 9.25 9.25 8.75 9 8.75 9 9.25 8.25", "9.04"),
    "Performance": ("9.75 9.75 9.75 9.25 8.75 9.25 9.25 9.5 9", "9.39"),
    "Composition": ("9.5 9.25 9.5 9.25 8.75 9.25 9.25 9.25 9", "9.25"),
    "Interpretation of the Music": ("9.75 9.5 9.5 9 8.5 9 9.25 9.75 9", "9.29"),
}


def test_skating_components_equal_the_protocol(tmp_path: Path) -> None:
    write_table(tmp_path, "entrants", ["entrant"], [("1",)])
    rows = [
        (judge, "1", CRITERIA[name], mark)
        for name, (given, _) in PANELS.items()
        for judge, mark in zip(JUDGES, given.split(), strict=True)
    ]
    write_table(tmp_path, "marks", ["judge", "entrant", "criterion", "value"], rows)
    write_table(tmp_path, "multipliers", ["entrant", "round", "value"], [("1", "segment", FACTOR)])
    points = [("1", "technical", TECHNICAL)]
    write_table(tmp_path, "points", ["entrant", "component", "value"], points)
    one = by_entrant(run_score(RULEBOOKS / "skating_segment.toml", tmp_path))["1"]
    panels = one["components"][1]["rounds"][0]["panels"]
    assert {panel["criterion"]: panel["rounded"] for panel in panels} == {
        CRITERIA[name]: official for name, (_, official) in PANELS.items()
    }
    assert (one["components"][1]["value"], one["total"]) == (COMPONENTS, SEGMENT)


JURY = """
AU 1 1 2 3 1 12
FR 3 9 1 1 9 10
IT 4 7 3 2 10 8
RU 7 5 7 7 4 7
ES 9 12 4 4 5 6
GB 2 10 10 10 6 5
BG 11 13 6 6 3 4
IL 10 4 18 12 2 3
MT 5 16 5 5 21 2
HU 8 14 9 9 13 1
SE 16 6 15 15 8 0
UA 17 2 8 8 25 0
AZ 19 21 11 11 12 0
PL 14 20 13 22 7 0
AM 12 3 14 25 24 0
AT 6 19 19 14 23 0
"""
"""One jury of the 2016 final: a song, five jurors' ranks, the points it got (the first 16 of
26 songs; the others stand behind on every figure that matters)."""


def test_lowest_sum_of_five_ranks_gives_the_jury_points(tmp_path: Path) -> None:
    rows = [line.split() for line in JURY.split("\n") if line]
    write_table(tmp_path, "entrants", ["entrant"], [(row[0],) for row in rows])
    ranks = [
        (juror, row[0], rank) for row in rows for juror, rank in zip("ABCDE", row[1:6], strict=True)
    ]
    write_table(tmp_path, "marks", ["judge", "entrant", "value"], ranks)
    text = (RULEBOOKS / "national_jury.toml").read_text(encoding="utf-8")
    # The ranks of the whole field are added as they stand: a part of it must not close up.
    as_given = text.replace('"sum_of_ranks", better = "lower"', '"sum"')
    (tmp_path / "rulebook.toml").write_text(as_given, encoding="utf-8")
    computed = by_entrant(run_score(tmp_path / "rulebook.toml", tmp_path))
    assert {song: one["points_by_rank"] for song, one in computed.items()} == {
        row[0]: row[6] for row in rows
    }


TIED = {
    "2016": (("NL", 114, 39), ("MT", 137, 16)),
    "2017": (("GR", 48, 29), ("DK", 69, 8)),
    "2019": (("SI", 46, 59), ("FR", 67, 38)),
    "2021": (("GR", 91, 79), ("BG", 140, 30)),
    "2022": (("FI", 12, 26), ("CZ", 33, 5)),
}
"""Two songs of a final with equal totals, in the official order: song, jury, televote."""


FINAL = rulebook(
    '[[components]]\nid = "jury"\nname = "Juries"\nsource = "points"',
    VOTES_ONLY % ("none", ""),
    '[[ties]]\nkey = "votes"',
)


@pytest.mark.parametrize("year", sorted(TIED))
def test_equal_totals_are_ordered_by_televote(year: str) -> None:
    data = ScoringData(
        entrants(*(song for song, _, _ in TIED[year])),
        votes=votes({song: televote for song, _, televote in TIED[year]}),
        points=tuple(PointsItem(song, "jury", "", Fraction(jury)) for song, jury, _ in TIED[year]),
    )
    result = score(FINAL, data)
    assert [one.entrant for one in result.entrants] == [song for song, _, _ in TIED[year]]
    assert [one.rank for one in result.entrants] == [1, 2]
    assert len({one.total for one in result.entrants}) == 1
