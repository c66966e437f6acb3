"""An HTTP client with cookies and the CSRF token, which waits for a server that restarts."""

import asyncio
import ssl
import time
from collections.abc import Mapping
from functools import cache
from types import TracebackType
from typing import Any, Self

import httpx

_CSRF_COOKIE, _CSRF_HEADER = "csrftoken", "x-csrftoken"
_PATIENCE_SECONDS = 180
_LONGEST_PAUSE = 2.0
_BUSY = frozenset({429, 502, 503, 504})


@cache
def _tls() -> ssl.SSLContext:
    """One for all: reading the trusted roots for every voter took a third of a replay."""
    return httpx.create_ssl_context(trust_env=False)


class RefusedError(Exception):
    """The server refused an act; `code` is its problem code."""

    def __init__(self, method: str, path: str, answer: httpx.Response) -> None:
        problem = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        self.status = answer.status_code
        self.code = str(problem.get("code", ""))
        said = problem.get("title") or answer.text[:200]
        details = "；".join(str(one.get("message")) for one in problem.get("errors", ()))
        super().__init__(f"{method} {path} → {self.status} {self.code} {said} {details}".strip())


class Browser:
    """One person's, until it is handed on. Use as an async context manager. For `patience`
    seconds a request is sent again to a server that does not answer."""

    def __init__(self, base_url: str, patience: float = _PATIENCE_SECONDS) -> None:
        self._http = httpx.AsyncClient(
            base_url=base_url,
            headers={"Accept": "application/json"},
            timeout=60,
            trust_env=False,
            verify=_tls(),
        )
        self._patience = patience
        self.retries = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    def hand_to(self, address: str) -> None:
        """The next person takes it, at another client address, as a proxy in front of the
        server reports it: nobody is signed in. The connection and the CSRF token stay, which
        saves one request of five and the opening of a connection."""
        jar = self._http.cookies.jar
        for cookie in [one for one in jar if one.name != _CSRF_COOKIE]:
            jar.clear(cookie.domain, cookie.path, cookie.name)
        self._http.headers["X-Forwarded-For"] = address

    async def get(self, path: str, *, page: bool = False) -> httpx.Response:
        """Open an address; `page` asks for what a person would see. Raises RefusedError."""
        headers = {"Accept": "text/html"} if page else {}
        return await self._send("GET", path, headers=headers)

    async def post(
        self, path: str, form: Mapping[str, Any] | None = None, **parts: Any
    ) -> httpx.Response:
        """Send a form (or `json=`, `files=`). Raises RefusedError."""
        return await self._send("POST", path, data=form, **parts)

    async def put(self, path: str, json: Any) -> httpx.Response:
        """Raises RefusedError."""
        return await self._send("PUT", path, json=json)

    async def _send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **body: Any
    ) -> httpx.Response:
        """Send until it is answered: a lost connection or a busy server is tried again."""
        headers = dict(headers or {})
        if method != "GET":
            headers[_CSRF_HEADER] = await self._csrf_token()
        deadline, pause = time.monotonic() + self._patience, 0.05
        while True:
            try:
                answer = await self._http.request(method, path, headers=headers, **body)
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
            else:
                if answer.status_code not in _BUSY or time.monotonic() > deadline:
                    break
                pause = max(pause, float(answer.headers.get("retry-after", 0)))
            self.retries += 1
            await asyncio.sleep(min(pause, _LONGEST_PAUSE))
            pause *= 2
        if answer.status_code >= 400:
            raise RefusedError(method, path, answer)
        return answer

    async def _csrf_token(self) -> str:
        if _CSRF_COOKIE not in self._http.cookies:
            await self._send("GET", "/healthz")
        return self._http.cookies[_CSRF_COOKIE]
