"""`shibaiqian simulate` as a person and as a program calls it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from lab.simulate import attacks, measure
from lab.simulate import cli as cli_simulate
from lab.simulate.cli import simulate
from lab.simulate.measure import HonestWeek


@pytest.fixture(autouse=True)
def _two_attacks(monkeypatch: pytest.MonkeyPatch) -> None:
    few = {name: attacks.ATTACKS[name] for name in ("burst 217 in 240 s", "slow drip")}
    monkeypatch.setattr(attacks, "ATTACKS", few)
    monkeypatch.setattr(measure, "ATTACKS", few)


def test_json_is_one_object_and_charts_are_written(tmp_path: Path) -> None:
    arguments = ["--weeks", "1", "--attacked", "1", "--seed", "7", "--json"]
    done = CliRunner().invoke(simulate, [*arguments, "--charts", str(tmp_path / "new")])
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert (report["honest_weeks"], report["budget"], report["seed"]) == (1, 1.0, 7)
    assert [one["attack"] for one in report["attacks"]] == ["burst 217 in 240 s", "slow drip"]
    assert report["attacks"][0]["recall"] == 1.0
    assert len(list((tmp_path / "new").glob("*.svg"))) == 4


def test_table_is_printed_and_a_broken_budget_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def noisy(seed: int, weeks: int) -> list[HonestWeek]:
        return [HonestWeek(0, 100, 3, ("burst",))]

    monkeypatch.setattr(measure, "honest_weeks", noisy)
    done = CliRunner().invoke(simulate, ["--weeks", "1", "--attacked", "1"])
    assert done.exit_code == 1
    assert "误报 3 个" in done.stdout
    assert "slow drip" in done.stdout
    assert cli_simulate.BUDGET == 1.0
