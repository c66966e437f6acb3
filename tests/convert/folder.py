"""Writes a data folder for `shibaiqian score` and runs the command on it."""

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from scoring.cli import score

RULEBOOKS = Path(__file__).resolve().parents[1] / "rulebooks"


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
