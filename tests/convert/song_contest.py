"""Song contests of 2016 to 2022 (MIT, Amsterdam-Music-Lab/mirovision).

`shared/data/README.md` names the source, the rules and the juries that are absent. As a
command it writes the folder of one final for `shibaiqian score` and `shibaiqian replay`:

    python -m tests.convert.song_contest DATA YEAR FOLDER
"""

import csv
from collections import defaultdict
from pathlib import Path

import click

from tests.convert.folder import (
    RULEBOOKS,
    copy_rulebook,
    in_no_order,
    next_steps,
    write_official,
    write_table,
)

FINALS = ("2016", "2017", "2018", "2019", "2021", "2022")
RANKED_YEARS = ("2016", "2017")
POINTS = (12, 10, 8, 7, 6, 5, 4, 3, 2, 1)

Row = dict[str, str]


def rows(data: Path, name: str) -> list[Row]:
    """A table of the data: `data` is the shared folder, its `data`, or where the tables lie."""
    places = (data, data / "eurovision-2016-2022", data / "data" / "eurovision-2016-2022")
    path = next(
        (one for place in places if (one := place / f"{name}.csv").is_file()), places[0] / name
    )
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def finalists(data: Path, year: str) -> list[Row]:
    """The songs of a final, with their official figures."""
    return [
        row
        for row in rows(data, "contestants")
        if row["year"] == year and row["final_total_points"] not in ("", "NA")
    ]


def official_order(songs: list[Row]) -> list[Row]:
    """By total, ties by more televote points."""
    return sorted(
        songs,
        key=lambda row: (-int(row["final_total_points"]), -int(row["final_televoting_points"])),
    )


def write_final(data: Path, year: str, folder: Path) -> Path:
    """Every jury's points as a judge's sheet, every televote point as a ballot.

    The songs come in an order that has nothing to do with the result. Returns the rulebook,
    which lies in the folder too, beside `official.csv` for `tests.convert.compare`.
    """
    songs = in_no_order(finalists(data, year))
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
    write_official(
        folder,
        ["jury", "televote"],
        [
            (
                row["country"],
                place,
                row["final_total_points"],
                row["final_jury_points"],
                row["final_televoting_points"],
            )
            for place, row in enumerate(official_order(songs), start=1)
        ],
    )
    return copy_rulebook("song_final", folder)


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


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("year")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def main(data: Path, year: str, folder: Path) -> None:
    """Write the final of YEAR as FOLDER: rulebook, entrants, marks, votes, official result.

    DATA is the shared data folder, or one that holds contestants.csv and votes.csv. Every
    jury's points become one judge's sheet, every televote point one ballot.
    """
    try:
        known = sorted({row["year"] for row in rows(data, "contestants")})
        songs = finalists(data, year)
    except (OSError, KeyError, csv.Error) as error:
        raise click.ClickException(f"not the tables of a song contest: {error!r}") from error
    if not songs:
        raise click.ClickException(f"no final of {year} in the data, which has {', '.join(known)}")
    write_final(data, year, folder)
    click.echo(next_steps([folder]))


if __name__ == "__main__":
    main()
