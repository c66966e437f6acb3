"""Writes a data folder for `shibaiqian score` and runs the command on it."""

import csv
import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from click.testing import CliRunner

from scoring.offline.cli_score import score

RULEBOOKS = Path(__file__).resolve().parents[1] / "rulebooks"
OFFICIAL = "official"
"""The table of known outcomes, which the commands of `shibaiqian` leave alone."""

Row = TypeVar("Row")


def in_no_order(rows: Sequence[Row]) -> list[Row]:
    """The rows shuffled, the same way every time: data often come in the order of the result,
    and an order that is only kept has not been computed."""
    return random.Random(20260301).sample(rows, len(rows))


def copy_rulebook(name: str, folder: Path) -> Path:
    target = folder / "rulebook.toml"
    target.write_bytes((RULEBOOKS / f"{name}.toml").read_bytes())
    return target


def write_official(
    folder: Path, components: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Known outcomes: entrant, rank, total, then the value of each of the components."""
    write_table(folder, OFFICIAL, ["entrant", "rank", "total", *components], rows)


def next_steps(folders: Sequence[Path]) -> str:
    """What to do with folders that were written, as commands to copy."""
    lines = []
    for folder in folders:
        lines += [
            f"shibaiqian score {folder}/rulebook.toml {folder}",
            f"python -m tests.convert.compare {folder}",
            f"shibaiqian replay {folder}/rulebook.toml {folder} --bundle {folder}/bundle.zip",
            f"python -m tests.convert.compare {folder} {folder}/bundle.zip",
        ]
    return "\n".join(lines)


def write_table(
    folder: Path, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def run_score(rulebook: Path, folder: Path) -> dict[str, Any]:
    """What `shibaiqian score RULEBOOK DATA_DIR --json` prints; fails unless it exits with 0."""
    run = CliRunner().invoke(score, [str(rulebook), str(folder), "--json"])
    assert run.exit_code == 0, run.output
    result: dict[str, Any] = json.loads(run.stdout)
    return result


def by_entrant(result: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["entrant"]: one for one in result["entrants"]}
