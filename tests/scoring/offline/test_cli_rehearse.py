"""Effective weights before a rulebook is fixed, through the command."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from contest.rulebooks.service import BUNDLED
from scoring.offline.cli_rehearse import rehearse

RULEBOOKS = sorted(BUNDLED.glob("*.toml"))
TOP_TEN = BUNDLED / "top_ten_2026.toml"


def run(*arguments: str) -> str:
    done = CliRunner().invoke(rehearse, arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("rulebook", RULEBOOKS, ids=[one.stem for one in RULEBOOKS])
def test_shares_of_the_variance_are_a_whole(rulebook: Path) -> None:
    weights = json.loads(run(str(rulebook), "--json", "--draws", "2"))
    assert sum(one["effective"] for one in weights.values()) == pytest.approx(100, abs=0.1)


def test_more_draws_are_their_mean() -> None:
    first, second, both = (
        json.loads(run(str(TOP_TEN), "--json", "--draws", draws, "--seed", seed))
        for draws, seed in (("1", "7"), ("1", "8"), ("2", "7"))
    )
    for component, one in both.items():
        mean = (first[component]["effective"] + second[component]["effective"]) / 2
        assert one["effective"] == pytest.approx(mean, abs=0.02)


def test_long_tailed_votes_by_their_ratio_outweigh_their_weight() -> None:
    weights = json.loads(run(str(TOP_TEN), "--json"))
    votes = weights["online_vote"] if "online_vote" in weights else weights["vote"]
    assert votes["nominal"] == "30"
    assert votes["effective"] > 60


def test_people_see_names_and_both_weights() -> None:
    shown = run(str(TOP_TEN))
    assert "有效权重" in shown
    assert "网络投票" in shown
    assert "20 组虚构数据" in shown


def test_bad_rulebook_is_told_with_every_error(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("format = 1\n", encoding="utf-8")
    done = CliRunner().invoke(rehearse, [str(bad)])
    assert done.exit_code == 2
    assert "bad.toml" in done.stderr
