"""No operation of the published document answers what is sent to it with a server error.

schemathesis makes the requests from the document itself, on the server that the browser tests
share; each operation is asked as somebody whom the access table lets in.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings, strategies
from schemathesis import Case
from schemathesis.core.result import Ok

from access import ACCESS
from accounts.demo import PEOPLE
from accounts.guard import Open
from tests.e2e.contests import Site

EXAMPLES = 12
TEXT = strategies.text(max_size=30) | strategies.sampled_from(["", "001", "x\x00y", "1e999", "是"])
JSON = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | TEXT,
    lambda inner: (
        strategies.lists(inner, max_size=4) | strategies.dictionaries(TEXT, inner, max_size=4)
    ),
    max_leaves=8,
)
NAMES = strategies.sampled_from(
    [
        "codes",
        "code",
        "judges",
        "entries",
        "idempotency_key",
        "decision",
        "reason",
        "ballots",
        "order",
        "marks",
        "round",
        "pin",
        "confirmed",
        "sequence",
        "name",
        "roles",
    ]
)
BODIES = strategies.one_of(
    strategies.fixed_dictionaries({"json": JSON | strategies.dictionaries(NAMES, JSON)}),
    strategies.fixed_dictionaries({"data": strategies.dictionaries(NAMES, TEXT, max_size=6)}),
)
"""The document names no bodies: handlers read forms and JSON by the same fields."""

NOT_ASKED = {"POST /sign-out/everywhere", "POST /me/erase", "POST /sign-out"}
"""What would sign the demo's people out under the feet of other tests."""


@contextmanager
def visitor(site: Site, key: str) -> Iterator[httpx.Client]:
    """A client signed in as the first role that the row of `key` names."""
    with httpx.Client(base_url=site.url, timeout=60, trust_env=False) as http:
        right = ACCESS[key]
        if not isinstance(right, Open):
            who = next(one.who for one in PEOPLE if one.role in right)
            http.get(f"/demo/sign-in/{who}")
        http.get("/sign-in")
        yield http


def document_of(site: Site) -> dict[str, Any]:
    answer = httpx.get(f"{site.url}/schema/openapi.json", trust_env=False)
    return answer.json()  # type: ignore[no-any-return]


def asked_well(case: Case[Any], body: dict[str, Any], http: httpx.Client) -> int:
    """Send one request as the browser of a signed-in person would; its status."""
    sent = case.as_transport_kwargs(base_url=str(http.base_url))
    headers = {**sent["headers"], "X-CSRFToken": http.cookies.get("csrftoken", "")}
    plain = {name: value.encode("ascii", "replace") for name, value in headers.items()}
    return http.request(
        sent["method"],
        sent["url"],
        params=sent.get("params"),
        headers=plain,
        **(body if sent["method"] != "GET" else {}),
    ).status_code


def statuses(operation: Any, http: httpx.Client) -> list[int]:
    """What some EXAMPLES of an operation are answered with."""
    seen = []

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), body=BODIES)
    def ask(case: Case[Any], body: dict[str, Any]) -> None:
        seen.append(asked_well(case, body, http))

    ask()
    return seen


async def test_no_operation_answers_with_a_server_error(site: Site) -> None:
    schema = schemathesis.openapi.from_dict(document_of(site))
    wrong: dict[str, int] = {}
    asked = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        key = f"{operation.method.upper()} {template(operation.path)}"
        if key in NOT_ASKED:
            continue
        with visitor(site, key) as http:
            for status in statuses(operation, http):
                asked += 1
                if status >= 500:
                    wrong[key] = status
    assert not wrong, wrong
    assert asked > 100


def template(path: str) -> str:
    """The access table's name of a path in the document, which leaves the types out."""
    named = {re.sub(r":\w+}", "}", key.split(" ", 1)[1]): key.split(" ", 1)[1] for key in ACCESS}
    return named[path if path == "/" else path.rstrip("/")]
