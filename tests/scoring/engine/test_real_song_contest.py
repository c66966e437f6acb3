"""Finals and national juries of the song contest, 2016 to 2022, through the command."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.convert import compare
from tests.convert.folder import by_entrant, run_score, write_table
from tests.convert.song_contest import (
    FINALS,
    POINTS,
    finalists,
    ranked_juries,
    rows,
    write_final,
    write_jury,
)


@pytest.mark.shared
@pytest.mark.parametrize("year", FINALS)
def test_final_equals_the_official_result(year: str, shared: Path, tmp_path: Path) -> None:
    rulebook = write_final(shared, year, tmp_path)
    result = run_score(rulebook, tmp_path)
    official = finalists(shared, year)
    computed = by_entrant(result)
    for row in official:
        one = computed[row["country"]]
        assert [part["value"] for part in one["components"]] == [
            row["final_jury_points"],
            row["final_televoting_points"],
        ]
        assert one["total"] == row["final_total_points"]
    ordered = sorted(
        official,
        key=lambda row: (-int(row["final_total_points"]), -int(row["final_televoting_points"])),
    )
    assert [one["entrant"] for one in result["entrants"]] == [row["country"] for row in ordered]
    assert [one["rank"] for one in result["entrants"]] == list(range(1, len(ordered) + 1))


@pytest.mark.shared
@pytest.mark.parametrize("year", ["2016", "2017"])
@pytest.mark.parametrize("show", ["semi-final-1", "semi-final-2", "final"])
def test_juries_equal_the_official_points(
    year: str, show: str, shared: Path, tmp_path: Path
) -> None:
    official = _jury_points(shared, year, show)
    juries = {key: ranks for key, ranks in ranked_juries(shared).items() if key[:2] == (year, show)}
    assert juries
    given: list[tuple[str, str, int]] = []
    for (_, _, country), ranks in juries.items():
        points = {row["to_country"]: official[country, row["to_country"]] for row in ranks}
        folder = tmp_path / country
        shared_ranks = by_entrant(run_score(write_jury(ranks, folder), folder))
        _assert_points_fit_shared_ranks(points, shared_ranks)
        # A jury settled its ties by a show of hands; its own outcome enters as the draw.
        draw = {song: 13 - given for song, given in points.items()}
        settled = by_entrant(run_score(write_jury(ranks, folder, _places(draw)), folder))
        computed = {song: int(one["points_by_rank"]) for song, one in settled.items()}
        assert computed == points
        given += [(country, song, number) for song, number in computed.items()]
    if show == "final":
        _assert_final_of(given, year, shared, tmp_path / "final")


def _assert_final_of(
    given: list[tuple[str, str, int]], year: str, shared: Path, folder: Path
) -> None:
    """The final made from the jurors' own ranks: what the juries' scorings gave are its marks."""
    rulebook = write_final(shared, year, folder)
    write_table(folder, "marks", ["judge", "entrant", "value"], given)
    assert compare.differences(folder, by_entrant(run_score(rulebook, folder))) == []


def _places(order: dict[str, int]) -> dict[str, int]:
    ordered = sorted(order, key=lambda song: (order[song], song))
    return {song: place for place, song in enumerate(ordered, start=1)}


def _jury_points(data: Path, year: str, show: str) -> dict[tuple[str, str], int]:
    return {
        (row["from_country"], row["to_country"]): int(row["jury_points"])
        for row in rows(data, "votes")
        if (row["year"], row["round"]) == (year, show) and row["jury_points"] not in ("", "NA")
    }


def _assert_points_fit_shared_ranks(
    points: dict[str, int], computed: dict[str, dict[str, Any]]
) -> None:
    """Without the jury's own decision songs of one sum share a rank, openly; the points of
    the places they fill are the very points that were given to them."""
    groups = defaultdict(list)
    for song, one in computed.items():
        groups[int(one["rank"])].append(song)
    for rank, songs in groups.items():
        places = range(rank - 1, rank - 1 + len(songs))
        at_places = [POINTS[place] if place < len(POINTS) else 0 for place in places]
        assert sorted((points[song] for song in songs), reverse=True) == at_places
        assert all(computed[song]["shared"] == (len(songs) > 1) for song in songs)
