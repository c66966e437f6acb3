"""The reference endpoint: `python -m lab.bench.empty` serves a JSON POST and a GET that do nothing.

The same framework and the same server with the same settings as the product, without any
middleware, guard, session or database.
"""

from typing import Any

from litestar import Litestar, get, post

from core.settings import from_environment
from core.web.server import listen, serve


@post("/empty", status_code=201)
async def empty(data: dict[str, Any]) -> dict[str, Any]:
    return data


@get("/empty")
async def empty_read() -> dict[str, str]:
    return {}


@get("/healthz")
async def health() -> dict[str, str]:
    return {"status": "ok"}


def main() -> None:
    application = Litestar([empty, empty_read, health], openapi_config=None)
    with listen(from_environment()) as listener:
        serve(application, listener, lambda: None)


if __name__ == "__main__":
    main()
