"""Compares a result with the official outcome that a converter wrote beside its data.

python -m tests.convert.compare FOLDER            # of `shibaiqian score`
python -m tests.convert.compare FOLDER BUNDLE     # of `shibaiqian replay … --bundle BUNDLE`
"""

import csv
import json
import sys
import zipfile
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from tests.convert.folder import OFFICIAL, by_entrant, run_score

Results = Mapping[str, Mapping[str, Any]]


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def of_bundle(folder: Path, bundle: Path) -> Results:
    """The results of a replayed contest by entrant of the folder: a replay gives the codes
    001, 002 … in the order of entrants.csv."""
    with zipfile.ZipFile(bundle) as archive:
        coded = by_entrant(json.loads(archive.read("result.json")))
    entrants = [row["entrant"] for row in table(folder, "entrants")]
    return {entrant: coded[f"{n:03d}"] for n, entrant in enumerate(entrants, start=1)}


def differences(folder: Path, results: Results) -> list[str]:
    """Every official figure that the results do not have; entrants must be the same."""
    official = table(folder, OFFICIAL)
    found = []
    if {row["entrant"] for row in official} != results.keys():
        found.append("not the same entrants")
    for row in official:
        one = results.get(row["entrant"], {})
        values = {part["component"]: part["value"] for part in one.get("components", ())}
        values |= {"rank": one.get("rank"), "total": one.get("total")}
        for name, wanted in row.items():
            if name != "entrant" and not _equal(wanted, values.get(name)):
                found.append(f"{row['entrant']}: {name} is {values.get(name)}, official {wanted}")
    return found


def _equal(official: str, computed: object) -> bool:
    return computed is not None and Fraction(official) == Fraction(str(computed))


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("bundle", required=False, type=click.Path(exists=True, path_type=Path))
def main(folder: Path, bundle: Path | None) -> None:
    """Compare ranks, totals and components with FOLDER/official.csv; exit code 1 if any differ.

    Without BUNDLE the result is computed from FOLDER; with it, BUNDLE is what a replay of
    FOLDER saved.
    """
    if bundle:
        results = of_bundle(folder, bundle)
    else:
        results = by_entrant(run_score(folder / "rulebook.toml", folder))
    found = differences(folder, results)
    for line in found:
        click.echo(line)
    if found:
        sys.exit(1)
    click.echo(f"{len(results)} entrants: ranks, totals and components equal the official outcome")


if __name__ == "__main__":
    main()
