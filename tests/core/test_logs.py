"""The log: one JSON line an event, without the values of variables."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from core.logs import configure_logs


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    written, before = io.StringIO(), structlog.get_config()
    configure_logs(written)
    yield written
    structlog.configure(**before)


def test_event_is_one_json_line(lines: io.StringIO) -> None:
    structlog.get_logger().warning("feed_lost", error="断开\n两行")
    (line,) = lines.getvalue().splitlines()
    event: dict[str, Any] = json.loads(line)
    assert event.pop("timestamp").endswith("Z")
    assert event == {"event": "feed_lost", "error": "断开\n两行", "level": "warning"}


def test_traceback_shows_no_values(lines: io.StringIO) -> None:
    def read(phone: str) -> int:
        return int(phone[:1] + "x")

    try:
        read("1390000" + "1111")
    except ValueError as error:
        structlog.get_logger().error("unhandled", exc_info=error)
    written = lines.getvalue()
    assert "in read" in json.loads(written)["exception"]
    assert "13900001111" not in written
