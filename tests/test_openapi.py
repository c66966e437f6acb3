"""No operation of the published document answers what is sent to it with a server error.

schemathesis makes the requests out of the document, which must name every route. So that they
come further than the first refusal, the names of the contests, people and candidates that do
exist, and words that fields take, stand beside what it invents. Each operation is asked as
everybody whom the access table lets in.
"""

import itertools
import os
import random
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case
from schemathesis.core import NOT_SET
from schemathesis.core.result import Ok

from access import ACCESS
from accounts.people.rules import Role
from accounts.sessions.guard import Open
from contest.editions.rules.contest import Contest
from contest.entrants.photos import photo_store
from core.clock import SettableClock
from core.database import db
from core.web.openapi import JSON, MULTIPART, URL_ENCODED
from scoring.judging.panel import service as panel
from tests.contest.entrants.test_photos import picture
from tests.e2e.contests import make_contests
from tests.support.contests import RULES
from tests.support.judging import MARKS, PIN
from tests.support.people import csrf_token, runtime_of, sign_in_account, sign_in_as, sign_out
from tests.support.workbooks import one_cell

# More examples for a longer run by hand: OPENAPI_EXAMPLES=200, another OPENAPI_SEED.
EXAMPLES = int(os.environ.get("OPENAPI_EXAMPLES", "10"))
SEED = int(os.environ.get("OPENAPI_SEED", "1"))
UNNAMED = re.compile(r"(GET|HEAD) /(static|schema)\b.*|WS .*|.* /demo/.*")
"""Routes that the document leaves out: it names no files of the site, no sockets, no demo."""
WITHOUT_FIELDS = {
    "/admin/accounts/{account_id}/enrolment",
    "/admin/accounts/{account_id}/unlock",
    "/judge/{slug}/entrants/{code}/take-back",
    "/me/identity/erase",
    "/fund/batches/{batch_id}/send",
    "/organiser/c/{slug}/cases/look",
    "/organiser/c/{slug}/panel/{number}/dismiss",
    "/organiser/c/{slug}/result/propose",
    "/sign-out",
    "/sign-out/everywhere",
    "/township/c/{slug}/nominations",
}
WORDS = {
    "action": ["save", "submit"],
    "act": ["submit", "freeze", "unfreeze", "board", "blank", "next", "back", "entrant", "reveal"],
    "ballots": ["1", "1-3, 5", "6-1"],
    "born_on": ["1990-01-02", "0001-01-01", "2025-02-30"],
    "decision": ["approve", "reject", "pass", "return"],
    "end": ["2026-03-02T10:00", "9999-12-31T23:59:59+14:00"],
    "idempotency_key": ["forged", "k" * 81],
    "nomination_closes_at": ["2026-04-01T10:00", "0001-01-01T00:00"],
    "order": ["random", "pinyin", "rank_up"],
    "outcome": ["upheld", "partly", "dismissed"],
    "page": ["1", "-1", "9" * 30, "²"],
    "phone": ["13812345678"],
    "pin": [PIN],
    "roles": [role.value for role in Role],
    "rulebook_text": [RULES, "[voting"],
    "seen": ["0", "1e9", "１"],
    "since": ["2026-01-01", "0001-01-01", "9999-12-31"],
    "start": ["2026-03-02T10:00", "0001-01-01T00:00:00+14:00"],
    "table_text": ["编号,姓名\n1,王一", "姓名\n\x00"],
    "to": ["nomination", "review", "voting", "judging", "tallying", "public_notice", "final"],
    "until": ["2026-12-31", "9999-12-31"],
    "variant": ["card", "thumb"],
    "verdict": ["verified", "refused"],
    "voter": ["0" * 32, "zz"],
    "year": ["2027"],
    **{name: ["9.10", "1e400", "NaN"] for name in MARKS},
}
OPEN = ("single", "judging", "reviewing", "finished")
LONGEST = 1000
"""In an address: servers refuse far longer ones by themselves."""
ANY_FIELD = ["1", "", "x\x00y", "名" * 10_000, "\ud7ff\ufffe", "1e999"]
FILES = itertools.cycle(
    [b"", b"\xff\xd8\xff", picture(), one_cell("姓名"), b"PK\x03\x04", b"a\x00"]
)


@pytest.fixture
async def contests(client: httpx.AsyncClient, clock: SettableClock) -> dict[str, Contest]:
    return await make_contests(runtime_of(client), clock.now())


async def document_of(client: httpx.AsyncClient) -> dict[str, Any]:
    return (await client.get("/schema/openapi.json")).json()  # type: ignore[no-any-return]


def template(path: str) -> str:
    return re.sub(r":\w+}", "}", path)


async def test_document_names_every_route_and_the_fields_of_every_form(
    client: httpx.AsyncClient,
) -> None:
    paths = (await document_of(client))["paths"]
    named = {f"{method.upper()} {path}" for path in paths for method in paths[path]}
    routes = {template(key) for key in ACCESS if not UNNAMED.fullmatch(key)}
    assert {key.rstrip("/") for key in named} == {key.rstrip("/") for key in routes}
    silent = {
        path
        for path in paths
        for method, operation in paths[path].items()
        if method in ("post", "put") and "requestBody" not in operation
    }
    assert silent == WITHOUT_FIELDS


class Guide:
    """Puts what exists, and words that mean something, in the place of much that was invented:
    alone it would nearly always be refused at the door."""

    def __init__(self, names: dict[str, list[Any]]) -> None:
        self.names = names
        self.chance = random.Random(SEED)

    def path(self, invented: dict[str, Any]) -> dict[str, Any]:
        known = {**WORDS, **self.names}
        return {
            name: self.chance.choice(known[name]) if name in known and self.often() else value
            for name, value in invented.items()
        }

    def query(self, operation: Any, invented: dict[str, Any]) -> dict[str, Any]:
        names = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
        added = {name: self.word(name)[:LONGEST] for name in names if self.often()}
        return {**invented, **added}

    def body(self, operation: Any, invented: Any) -> Any:
        if not isinstance(invented, dict):
            return invented
        (content, *_same) = operation["requestBody"]["content"].values()
        filled = dict(invented)
        for name, field in content["schema"].get("properties", {}).items():
            if self.often():
                many = field["type"] == "array"
                filled[name] = [self.word(name) for _one in range(2)] if many else self.word(name)
        if "additionalProperties" in content["schema"] and self.often():
            filled |= {name: self.word(name) for name in MARKS}
        return filled

    def word(self, name: str) -> str:
        known = [*WORDS.get(name, []), *map(str, self.names.get(name, []))]
        return str(self.chance.choice(known if known and self.often() else ANY_FIELD))

    def often(self) -> bool:
        return self.chance.random() < 0.8


async def existing(client: httpx.AsyncClient, contests: dict[str, Contest]) -> dict[str, list[Any]]:
    """Path parameters' names and values that lead somewhere."""
    stored = photo_store(runtime_of(client)).put(picture(), {"card": b"x"})
    async with db.connection() as connection:
        accounts = [r["id"] for r in await connection.fetch("SELECT id FROM account LIMIT 8")]
    numbers = [1, 2, 3]
    return {
        "slug": [*contests, *OPEN * 3],
        "code": ["001", "002", "004"],
        "digest": [stored],
        "account_id": accounts,
        "judges": [str(one) for one in accounts],
        **dict.fromkeys(
            ["number", "nomination_id", "entrant_id", "import_id", "case_id", "void_id"], numbers
        ),
        **dict.fromkeys(["restoration_id", "change_id", "objection_id", "first", "size"], numbers),
    }


def cases_of(operation: Any, count: int) -> list[Case[Any]]:
    made: list[Case[Any]] = []

    @seed(SEED)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def collect(case: Case[Any]) -> None:
        made.append(case)

    collect()
    return made


async def send(
    client: httpx.AsyncClient, case: Case[Any], guide: Guide, number: int
) -> httpx.Response:
    """One request as a browser or, every other time, a program would make it."""
    path, told = case.path, case.operation.definition.raw
    for name, value in guide.path(case.path_parameters).items():
        written = quote(str(value), safe="%", errors="replace")
        path = path.replace(f"{{{name}}}", written)
    query = urlencode(guide.query(told, case.query or {}), doseq=True, errors="replace")
    body = body_of(case, guide.body(told, case.body))
    headers = {
        "x-csrftoken": await csrf_token(client),
        "accept": "text/html" if number % 2 else "application/json",
        **({"content-type": URL_ENCODED} if "content" in body else {}),
    }
    address = f"{path}?{query}" if query else path
    return await client.request(case.method, address, headers=headers, **body)


def body_of(case: Case[Any], body: Any) -> dict[str, Any]:
    if body is NOT_SET or body is None:
        return {}
    if case.media_type == JSON:
        return {"json": body}
    fields = body if isinstance(body, dict) else {}
    if case.media_type != MULTIPART:
        return {"content": urlencode(fields, doseq=True, errors="replace").encode()}
    return {"files": list(_parts(fields))}


def _parts(fields: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    for name, value in fields.items():
        if name in ("photo", "table", "rulebook_file"):
            yield name, ("文件\x01.bin", next(FILES))
        else:
            yield name, (None, str(value).encode("utf-8", "replace"))


async def test_no_operation_answers_with_a_server_error(
    client: httpx.AsyncClient, contests: dict[str, Contest]
) -> None:
    document = await document_of(client)
    guide = Guide(await existing(client, contests))
    judge = (await panel.panel(contests["judging"].id))[0].seat.account_id
    table = {template(key): right for key, right in ACCESS.items()}
    wrong: dict[str, tuple[int, str]] = {}
    answered: dict[int, int] = {}
    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        path = operation.path if operation.path == "/" else operation.path.rstrip("/")
        key = f"{operation.method.upper()} {path}"
        right = table[key]
        roles = [Role.VOTER] if isinstance(right, Open) else sorted(right)
        for number, case in enumerate(cases_of(operation, EXAMPLES)):
            role = roles[number % len(roles)]
            if role is Role.JUDGE:
                await sign_in_account(client, judge)
            else:
                await sign_in_as(client, role, township="同江镇")
            if right is Open.EVERYONE and number % 2:
                sign_out(client)
            answer = await send(client, case, guide, number)
            answered[answer.status_code] = answered.get(answer.status_code, 0) + 1
            if answer.status_code >= 500:
                wrong[key] = (
                    answer.status_code,
                    f"{case.path_parameters} {case.query} {case.body!r}"[:600],
                )
    assert not wrong, (wrong, answered)
    assert answered[200] > 100, answered
    assert answered[303] > 20, answered
