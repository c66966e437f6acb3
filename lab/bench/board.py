"""`shibaiqian bench board`: the board in JSON, in full and as "not modified".

The reference is a GET of the same framework and server that does nothing.
"""

import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from core.engines.embedded import embedded_engines
from lab.bench.load import REPORT, Load, generator, run
from lab.bench.poll import SLUG
from lab.bench.servers import Served, empty_endpoint
from lab.bench.side import CONNECTIONS, Side, in_turn, warm_up
from lab.bench.site import poll_site

_PATH = f"/c/{SLUG}/board.json"
_PATIENCE = 30
_GET_LUA = """
wrk.path = "PATH"
init = function(args)
    wrk.headers["Accept"] = "application/json"
    wrk.headers["If-None-Match"] = args[1]
end
"""


def measure(rounds: int) -> dict[str, Any]:
    """The measurements of the board whole, of the board unchanged, and of the empty endpoint."""
    generator()
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as name,
        embedded_engines(Path(name) / "engines") as engines,
        empty_endpoint(Path(name) / "empty") as empty,
        poll_site(engines, Path(name) / "site", voters=100, lived_in=False) as site,
    ):
        board = _published(site)
        whole = _side("board", site, _PATH, Path(name))
        unchanged = _side("board_unchanged", site, _PATH, Path(name), board.headers["etag"])
        nothing = _side("empty", empty, "/empty", Path(name))
        sides = [nothing, whole, unchanged]
        warm_up(sides)
        in_turn(sides, rounds)
    ratios = [one.per_second / nothing.per_second for one in (whole, unchanged)]
    return {
        "ratio": round(min(ratios), 3),
        "ratio_whole": round(ratios[0], 3),
        "ratio_unchanged": round(ratios[1], 3),
        **{side.name: side.measured() for side in sides},
        "board_bytes": len(board.content),
        "connections": CONNECTIONS,
        "generator": generator(),
    }


def _published(site: Served) -> httpx.Response:
    """The board, once the ticker has published one."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        answer = httpx.get(site.url + _PATH, trust_env=False)
        if answer.status_code == 200:
            return answer
        if time.monotonic() > deadline:
            raise RuntimeError(f"no board was published: {answer.status_code} {answer.text}")
        time.sleep(0.2)


def _side(name: str, served: Served, path: str, folder: Path, etag: str = "") -> Side:
    script = folder / f"{name}.lua"
    script.write_text(_GET_LUA.replace("PATH", path) + REPORT)

    def load(seconds: float) -> Load:
        return run(script, served.url, seconds, CONNECTIONS, etag)

    return Side(name, served, load)
