"""Whole contests of known outcome, carried through a server of its own over HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lab.replay.cli import replay
from scoring.verification.cli import verify
from tests.convert.compare import differences, of_bundle, table
from tests.convert.folder import write_table
from tests.convert.song_contest import write_final
from tests.lab.replay.facts import write_small_final
from tests.support.server import ServerProcess, serving
from tests.support.shared import shared_data


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with serving(tmp_path_factory.mktemp("replay")) as running:
        yield running


def replayed(folder: Path, server: ServerProcess) -> Result:
    arguments = [folder / "rulebook.toml", folder, "--bundle", folder / "bundle.zip"]
    return CliRunner().invoke(replay, [*map(str, arguments), "--url", server.url])


def assert_official(folder: Path, server: ServerProcess) -> None:
    run = replayed(folder, server)
    assert run.exit_code == 0, run.output
    bundle = folder / "bundle.zip"
    assert differences(folder, of_bundle(folder, bundle)) == []
    checked = CliRunner().invoke(verify, [str(bundle)])
    assert checked.exit_code == 0, checked.output


def test_small_final_comes_to_the_official_result(server: ServerProcess, tmp_path: Path) -> None:
    write_small_final(tmp_path)
    assert_official(tmp_path, server)
    ranks = {row["entrant"]: row["rank"] for row in table(tmp_path, "official")}
    order = [ranks[row["entrant"]] for row in table(tmp_path, "entrants")]
    assert order != sorted(order), "fed in the official order, the order would not be earned"


def test_given_points_and_factors_are_replayed(server: ServerProcess, tmp_path: Path) -> None:
    """Technical scores and deductions go through the organiser's table of figures."""
    (tmp_path / "rulebook.toml").write_text(SKATING, encoding="utf-8")
    write_table(tmp_path, "entrants", ["entrant"], [("pair1",), ("pair2",)])
    marks = [
        (f"J{n}", pair, mark)
        for pair, given in (("pair1", "9.25 9.5 9 9 9"), ("pair2", "8 8.25 8 7.75 8"))
        for n, mark in enumerate(given.split())
    ]
    write_table(tmp_path, "marks", ["judge", "entrant", "value"], marks)
    points = [
        ("pair1", "tes", "", "44.4"),
        ("pair2", "tes", "a", "40.24"),
        ("pair2", "tes", "b", "1"),
    ]
    points.append(("pair2", "deductions", "fall", "1"))
    write_table(tmp_path, "points", ["entrant", "component", "item", "value"], points)
    run = replayed(tmp_path, server)
    assert run.exit_code == 0, run.output
    totals = {
        key: one["total"] for key, one in of_bundle(tmp_path, tmp_path / "bundle.zip").items()
    }
    # 9.08 × 0.8 = 7.264 → 7.26 and 8 × 0.8 = 6.4
    assert totals == {"pair1": "51.66", "pair2": "46.64"}


def test_contest_that_cannot_be_replayed_is_refused_with_every_reason(
    server: ServerProcess, tmp_path: Path
) -> None:
    write_small_final(tmp_path)
    write_table(tmp_path, "draws", ["entrant", "place"], [("FI", 1)])
    entrants = [("FI", "withdrawn"), ("CZ", ""), ("IS", ""), ("FR", ""), ("DE", "")]
    write_table(tmp_path, "entrants", ["entrant", "status"], entrants)
    run = replayed(tmp_path, server)
    assert run.exit_code == 2
    assert run.stderr.splitlines() == [
        "重放还不支持难度系数和抽签",
        "重放只支持全程参赛的人，请先从 entrants.csv 删去退出和取消资格的",
    ]


@pytest.mark.shared
@pytest.mark.timeout(900)
@pytest.mark.parametrize("year", ["2021", "2022"])
def test_final_comes_to_the_official_result(
    year: str, server: ServerProcess, tmp_path: Path
) -> None:
    write_final(shared_data(), year, tmp_path)
    assert_official(tmp_path, server)


SKATING = """
format = 1
id = "small-skating"
version = "1"
title = "Figure skating"
kind = "other"
effective_on = 2026-01-01
clause = "Trimmed mean to 0.01 × factor, plus technical score, less deductions"

[judging]
aggregate_over = "criterion"
aggregate = { method = "trimmed_mean", drop_high = 1, drop_low = 1 }
rounding = { aggregate = { decimals = 2 }, product = { decimals = 2 } }
criteria = [{ id = "skills", name = "Skills", min = 0, max = 10, step = 0.25, factor = 0.8 }]

[[components]]
id = "tes"
name = "Technical score"
source = "points"

[[components]]
id = "pcs"
name = "Program components"
source = "judges"

[[components]]
id = "deductions"
name = "Deductions"
source = "points"
weight = -1
missing = "zero"

[total]
combine = "sum"
"""
