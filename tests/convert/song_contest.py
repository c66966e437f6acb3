"""Song contests of 2016 to 2022 (MIT, Amsterdam-Music-Lab/mirovision).

`shared/data/README.md` names the source, the rules and the juries that are absent.
"""

import csv
from collections import defaultdict
from pathlib import Path

from tests.convert.folder import RULEBOOKS, write_table

FINALS = ("2016", "2017", "2018", "2019", "2021", "2022")
RANKED_YEARS = ("2016", "2017")
POINTS = (12, 10, 8, 7, 6, 5, 4, 3, 2, 1)

Row = dict[str, str]


def rows(data: Path, name: str) -> list[Row]:
    with (data / "eurovision-2016-2022" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def finalists(data: Path, year: str) -> list[Row]:
    """The songs of a final, with their official figures."""
    return [
        row
        for row in rows(data, "contestants")
        if row["year"] == year and row["final_total_points"] not in ("", "NA")
    ]


def write_final(data: Path, year: str, folder: Path) -> Path:
    """Every jury's points as a judge's sheet, every televote point as a ballot."""
    songs = finalists(data, year)
    write_table(
        folder,
        "entrants",
        ["entrant", "name"],
        [(row["country"], row["song"]) for row in songs],
    )
    given = [row for row in rows(data, "votes") if (row["year"], row["round"]) == (year, "final")]
    write_table(
        folder,
        "marks",
        ["judge", "entrant", "value"],
        [
            (row["from_country"], row["to_country"], row["jury_points"])
            for row in given
            if row["jury_points"] not in ("", "NA")
        ],
    )
    votes: dict[str, int] = defaultdict(int)
    for row in given:
        if row["televoting_points"] not in ("", "NA"):
            votes[row["to_country"]] += int(row["televoting_points"])
    write_table(folder, "votes", ["entrant", "votes"], sorted(votes.items()))
    return RULEBOOKS / "song_final.toml"


def ranked_juries(data: Path) -> dict[tuple[str, str, str], list[Row]]:
    """The ranks of every jury of 2016 and 2017, by year, show and country."""
    found = defaultdict(list)
    for row in rows(data, "jurors"):
        if row["year"] in RANKED_YEARS:
            found[row["year"], row["round"], row["from_country"]].append(row)
    return dict(found)


def write_jury(ranks: list[Row], folder: Path, draw: dict[str, int] | None = None) -> Path:
    """One jury's ranks as marks; `draw` is how the jury settled its ties, if it is known."""
    write_table(folder, "entrants", ["entrant"], [(row["to_country"],) for row in ranks])
    write_table(
        folder,
        "marks",
        ["judge", "entrant", "value"],
        [
            (juror, row["to_country"], row[juror])
            for row in ranks
            for juror in "ABCDE"
            if row[juror] != "NA"
        ],
    )
    if draw:
        write_table(folder, "draws", ["entrant", "place"], sorted(draw.items()))
    return RULEBOOKS / "national_jury.toml"
