"""The fast path for a ballot in JSON, in front of the framework.

Resolving a handler's dependencies, and the layers around it, cost several times what a vote
itself costs. This layer answers `POST /c/{slug}/votes` for a signed-in voter by the same
functions as the handler in `voting.casting.web`. Whatever is not plainly in order (no session,
another role, no token, a body that is no ballot) goes on to that handler untouched. So
refusals of form are made in one place only, and taking this layer out changes no answer.
"""

import re
from typing import Any

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from accounts.sessions.guard import Open, Right, may
from accounts.sessions.middleware import person_behind
from contest.editions.rules.contest import Contest
from core.problems import Invalid, Problem
from core.runtime import Runtime
from core.web import csrf
from core.web.answers import problem_document
from core.web.cookies import read_cookies
from core.web.edge import is_foreign, program_headers
from core.web.network import client_address
from core.web.short_answer import Head, answer
from voting.casting.ballot_box import BallotBox
from voting.casting.forms import read_ballot_json
from voting.casting.web import accepted_document, cast
from voting.casting.web_network_rate import check_network_rate
from voting.signals.rules.signal import Seen
from voting.signals.service import SignalRecorder
from voting.signals.web import BROWSER_COOKIE, note_signal

ROUTE = "POST /c/{slug:str}/votes"
_PATH = re.compile(r"/c/([a-z0-9-]{1,60})/votes/?")
_LARGEST_BODY = 8192
_JSON = b"application/json"
_CSRF_HEADER = csrf.HEADER.encode()
_encode = msgspec.json.encode


class VoteFastPath:
    """An ASGI layer; `right` is the route's row of the access table."""

    def __init__(
        self,
        app: ASGIApp,
        runtime: Runtime,
        box: BallotBox,
        signals: SignalRecorder,
        right: Right,
        csrf_secret: str,
    ) -> None:
        assert not isinstance(right, Open), "a vote is for a role"
        self.app = app
        self._runtime = runtime
        self._box = box
        self._signals = signals
        self._right = right
        self._csrf_secret = csrf_secret.encode()
        self._headers = program_headers(runtime.settings)
        self._accepted = Head(201, [(b"content-type", _JSON), *self._headers])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = None
        if scope["type"] == ScopeType.HTTP and scope["method"] == "POST":
            found = _PATH.fullmatch(scope["path"])
        headers = _by_name(scope) if found else {}
        if found is None or not self._plain(headers):
            await self.app(scope, receive, send)
            return
        cookies = read_cookies(headers.get(b"cookie", b"").decode("latin-1"))
        known = await self._voter_and_contest(headers, cookies, found[1])
        if known is None:
            await self.app(scope, receive, send)
            return
        voter, contest = known
        body = await _read(receive)
        now, settings = self._runtime.clock.now(), self._runtime.settings
        address = client_address(scope, settings)
        try:
            ballot = read_ballot_json(body.content)
            await check_network_rate(address, self._runtime, ballot.attempt, ballot.key, now)
            accepted = await cast(self._box, contest, voter, ballot, now)
        except Invalid:
            await self.app(scope, body, send)
            return
        except Problem as problem:
            await self._refuse(scope, send, problem)
            return
        except Exception:
            # the database or Redis is away: the handler tries once more under the same key
            await self.app(scope, body, send)
            return
        agent = headers.get(b"user-agent", b"").decode("latin-1")
        browser = cookies.get(BROWSER_COOKIE, "")
        seen = Seen(contest.id, accepted.sequence, voter, now, address, browser, agent)
        given = note_signal(seen, settings, self._signals, repeated=accepted.repeated)
        document = _encode(accepted_document(contest, accepted, self._runtime))
        extra = [(b"set-cookie", given.encode())] if given else []
        await answer(scope, send, self._accepted, extra, document)

    def _plain(self, headers: dict[bytes, bytes]) -> bool:
        """A short JSON body of a known length, from a program or a page of this site, and
        from a client that is content with JSON."""
        length = headers.get(b"content-length", b"")
        return (
            headers.get(b"content-type", b"").partition(b";")[0].strip() == _JSON
            and length.isdigit()
            and len(length) < 6
            and int(length) <= _LARGEST_BODY
            and b"text/html" not in headers.get(b"accept", b"")
            and not is_foreign(
                headers.get(b"origin", b"").decode("latin-1"),
                headers.get(b"host", b"").decode("latin-1"),
                self._runtime.settings,
            )
        )

    async def _voter_and_contest(
        self, headers: dict[bytes, bytes], cookies: dict[str, str], slug: str
    ) -> tuple[int, Contest] | None:
        """None where the handler must answer, a failing database included."""
        try:
            voter = await self._voter(headers, cookies)
            return None if voter is None else (voter, await self._box.contests.get(slug))
        except Exception:
            return None

    async def _voter(self, headers: dict[bytes, bytes], cookies: dict[str, str]) -> int | None:
        given = headers.get(_CSRF_HEADER, b"").decode("latin-1")
        if not csrf.is_own_token(self._csrf_secret, given, cookies.get(csrf.COOKIE)):
            return None
        person = await person_behind(cookies, self._runtime.clock.now())
        return person.account_id if person is not None and may(person, self._right) else None

    async def _refuse(self, scope: Scope, send: Send, problem: Problem) -> None:
        body = _encode(problem_document(problem))
        extra = [(b"content-type", b"application/problem+json")]
        if problem.retry_after is not None:
            extra.append((b"retry-after", b"%d" % problem.retry_after))
        await answer(scope, send, Head(problem.status, self._headers), extra, body)


def _by_name(scope: Scope) -> dict[bytes, bytes]:
    """The headers by name; of several with one name the first, as `core.edge.header` reads."""
    return dict(reversed(list(scope["headers"])))


class _Body:
    """A request body that was read, and can be received again."""

    def __init__(self, messages: list[Any]) -> None:
        self._messages = messages
        self.content = b"".join(one.get("body", b"") for one in messages)
        self._next = 0

    async def __call__(self) -> Any:
        if self._next < len(self._messages):
            self._next += 1
            return self._messages[self._next - 1]
        return {"type": "http.disconnect"}


async def _read(receive: Receive) -> _Body:
    messages: list[Any] = []
    while not messages or messages[-1].get("more_body", False):
        messages.append(await receive())
    return _Body(messages)
