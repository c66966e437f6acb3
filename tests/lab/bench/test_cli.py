"""Every bench ends with one JSON object that has a ratio; tried small."""

import json
import shutil
from typing import Any

import pytest
from click.testing import CliRunner

from lab.bench import side, watch
from lab.bench.cli import bench


def report_of(*arguments: str) -> dict[str, Any]:
    done = CliRunner().invoke(bench, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(("way", "options"), [("plain", ()), ("fast", ("--fast",))])
def test_recount_prints_both_sides_and_their_ratio(way: str, options: tuple[str, ...]) -> None:
    figures = report_of("recount", "--ballots", "300", "--rounds", "1", *options)
    assert figures["way"] == way
    assert (figures["ballots"], figures["leaves"], figures["nodes"]) == (300, 301, 300)
    measured = figures["verify_seconds"] / figures["hash_seconds"]
    assert abs(figures["ratio"] / measured - 1) < 0.5  # rounded


def test_watch_times_every_frame_of_both_sides() -> None:
    told = report_of("watch", "--watchers", "30", "--rounds", "3")
    for name in ("board", "websockets_broadcast"):
        assert (told[name]["received"], told[name]["missed"]) == (90, 0)
        assert 0 < told[name]["first_ms"] <= told[name]["p50_ms"] <= told[name]["p99_ms"]
    measured = told["board"]["p99_ms"] / told["websockets_broadcast"]["p99_ms"]
    assert abs(told["ratio"] / measured - 1) < 0.05  # rounded


def test_watch_refuses_with_a_sentence_where_too_few_sockets_are_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watch, "allow_open_files", lambda: 1024)
    done = CliRunner().invoke(bench, ["watch", "--watchers", "5000"])
    assert done.exit_code == 1
    assert "系统只允许 1024 个" in done.output.replace("\n", "")


@pytest.mark.skipif(shutil.which("wrk") is None, reason="no load generator here")
def test_board_prints_all_sides_and_the_lower_ratio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side, "ROUND_SECONDS", 1.0)
    told = report_of("board", "--rounds", "1")
    assert told["ratio"] == min(told["ratio_whole"], told["ratio_unchanged"])
    for name in ("empty", "board", "board_unchanged"):
        assert told[name]["answered"] > 0
        assert (told[name]["refused"], told[name]["broken"]) == (0, 0)
