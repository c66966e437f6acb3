"""Every bench ends with one JSON object that has a ratio; tried small."""

import json
import shutil
from typing import Any

import pytest
from click.testing import CliRunner

from lab.bench import side, watch
from lab.bench.cli import bench


def figures_of(*arguments: str) -> dict[str, Any]:
    done = CliRunner().invoke(bench, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_recount_prints_both_sides_and_their_ratio() -> None:
    figures = figures_of("recount", "--ballots", "300", "--rounds", "1")
    assert (figures["ballots"], figures["leaves"], figures["nodes"]) == (300, 301, 300)
    measured = figures["verify_seconds"] / figures["hash_seconds"]
    assert abs(figures["ratio"] / measured - 1) < 0.5  # rounded


def test_watch_times_every_frame_of_both_sides() -> None:
    figures = figures_of("watch", "--watchers", "30", "--rounds", "3")
    for name in ("board", "websockets_broadcast"):
        assert (figures[name]["received"], figures[name]["missed"]) == (90, 0)
        assert 0 < figures[name]["first_ms"] <= figures[name]["p50_ms"] <= figures[name]["p99_ms"]
    measured = figures["board"]["p99_ms"] / figures["websockets_broadcast"]["p99_ms"]
    assert abs(figures["ratio"] / measured - 1) < 0.05  # rounded


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
    figures = figures_of("board", "--rounds", "1")
    assert figures["ratio"] == min(figures["ratio_whole"], figures["ratio_unchanged"])
    for name in ("empty", "board", "board_unchanged"):
        assert figures[name]["answered"] > 0
        assert (figures[name]["refused"], figures[name]["broken"]) == (0, 0)
