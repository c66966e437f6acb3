"""Requests that no page of ours sends: each a refusal, none an error of the server."""

import resource
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import httpx
import pytest
from litestar._parsers import parse_url_encoded_form_data

from accounts.people.rules import Role
from app import MAX_BODY
from tests.support.people import csrf_token, post_form, sign_in_as


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[IO[bytes]]]:
    """The temporary files that uploads were put into."""
    files: list[IO[bytes]] = []

    def open_one(**options: Any) -> IO[bytes]:
        files.append(SpooledTemporaryFile(**options))  # noqa: SIM115 - closing it is what is tested
        return files[-1]

    monkeypatch.setattr("litestar.datastructures.upload_file.SpooledTemporaryFile", open_one)
    yield files
    for file in files:
        file.close()


@pytest.mark.parametrize(
    "path",
    [
        "/sign-in/code/%00",
        "/sign-in/code/" + "9" * 10_000,
        "/enrol/%00",
        "/c/%00",
        "/c/a%0Ab/board.json",
        f"/files/{'a' * 64}/{'b' * 199}",
        "/objections/%00",
    ],
)
async def test_address_that_can_name_nothing_is_not_found(
    client: httpx.AsyncClient, path: str
) -> None:
    assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize("number", [str(2**31), "9" * 40, "-1"])
async def test_number_beyond_every_key_is_not_found(client: httpx.AsyncClient, number: str) -> None:
    await sign_in_as(client, Role.ADMINISTRATOR)
    assert (await client.get(f"/admin/accounts/{number}")).status_code == 404


@pytest.mark.parametrize("token", [b"\xe9" * 128, b"a" * 128, b""])
async def test_token_that_is_none_is_refused(client: httpx.AsyncClient, token: bytes) -> None:
    await csrf_token(client)
    answer = await client.post("/sign-out", headers={b"x-csrftoken": token})
    assert answer.status_code == 403


async def test_cookie_that_is_no_token_is_refused(client: httpx.AsyncClient) -> None:
    token = await csrf_token(client)
    headers = {"x-csrftoken": token, "cookie": "csrftoken=" + "%E9" * 128}
    client.cookies.clear()
    assert (await client.post("/sign-out", headers=headers)).status_code == 403


@pytest.mark.parametrize("charset", ["utf-8", "no-such-charset"])
async def test_field_that_is_no_text_is_refused(client: httpx.AsyncClient, charset: str) -> None:
    token = await csrf_token(client)
    body = (
        b'--b\r\nContent-Disposition: form-data; name="phone"\r\n'
        b"Content-Type: text/plain; charset=" + charset.encode() + b"\r\n\r\n\xff\xfe\r\n--b--\r\n"
    )
    headers = {"x-csrftoken": token, "content-type": "multipart/form-data; boundary=b"}
    assert (await client.post("/sign-in", content=body, headers=headers)).status_code == 400


async def test_lone_surrogate_is_no_text(client: httpx.AsyncClient) -> None:
    headers = {**MULTIPART, "x-csrftoken": await csrf_token(client)}
    body = (
        b'--b\r\nContent-Disposition: form-data; name="phone"\r\n'
        b"Content-Type: text/plain; charset=utf-7\r\n\r\n+2AA-\r\n--b--\r\n"
    )
    assert (await client.post("/sign-in", content=body, headers=headers)).status_code == 400
    await sign_in_as(client, Role.ORGANISER)
    kind = {"x-csrftoken": headers["x-csrftoken"], "content-type": "application/json"}
    address = "/organiser/c/nothing/changes/1"
    answer = await client.post(address, content=rb'{"reason": "\ud800"}', headers=kind)
    assert answer.status_code in (400, 404)


async def test_typed_form_stays_in_no_cache(client: httpx.AsyncClient) -> None:
    before = parse_url_encoded_form_data.cache_info().currsize
    await post_form(client, "/staff/sign-in", {"login": "nobody", "password": "secret words"})
    assert parse_url_encoded_form_data.cache_info().currsize == before


@pytest.mark.parametrize("announced", [True, False])
async def test_upload_of_100_mb_is_refused_unread(
    client: httpx.AsyncClient, opened: list[IO[bytes]], announced: bool
) -> None:
    """With its length announced nothing is read; without, no more than a body may have."""
    size, piece = 100 * 1024 * 1024, 64 * 1024
    head = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'
    read = 0

    async def receive() -> dict[str, object]:
        nonlocal read
        chunk = head if read == 0 else b"x" * piece
        read += len(chunk)
        return {"type": "http.request", "body": chunk, "more_body": read < size}

    await csrf_token(client)  # the application is warm
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    headers = [(b"content-type", b"multipart/form-data; boundary=b")]
    if announced:
        headers.append((b"content-length", str(size).encode()))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/sign-in",
        "raw_path": b"/sign-in",
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }
    sent: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    await client._transport.app(scope, receive, send)  # type: ignore[attr-defined]
    assert sent[0]["status"] == 413
    assert read <= (0 if announced else MAX_BODY + piece)
    assert [file.closed for file in opened] == ([] if announced else [True])
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 8 * 1024, f"{grown} KB for a body of {size // 1024} KB"


FILE = b'--b\r\nContent-Disposition: form-data; name="%s"; filename="a"\r\n\r\n%s\r\n'
MULTIPART = {"content-type": "multipart/form-data; boundary=b"}
BIG = b"x" * 2_000_000  # more than is kept in memory


async def test_file_in_place_of_the_token_is_refused(
    client: httpx.AsyncClient, opened: list[IO[bytes]]
) -> None:
    await csrf_token(client)
    body = FILE % (b"_csrf_token", b"a" * 128) + FILE % (b"photo", BIG) + b"--b--\r\n"
    answer = await client.post("/sign-in", content=body, headers=MULTIPART)
    assert answer.status_code == 403
    assert [file.closed for file in opened] == [True, True]


@pytest.mark.parametrize(
    "end",
    [
        b"",
        b"--b",
        b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n\xff\xfe\r\n--b--\r\n',
        b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n",
    ],
    ids=["cut off", "cut off in a boundary", "no text", "no name"],
)
async def test_form_that_cannot_be_taken_apart_leaves_no_file_open(
    client: httpx.AsyncClient, opened: list[IO[bytes]], end: bytes
) -> None:
    headers = {**MULTIPART, "x-csrftoken": await csrf_token(client)}
    body = FILE % (b"photo", BIG) + FILE % (b"report", b"words") + end
    answer = await client.post("/sign-in", content=body, headers=headers)
    assert answer.status_code == 400
    assert [file.closed for file in opened] == [True, True]


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=\xe9"])
async def test_multipart_form_without_a_boundary_is_refused(
    client: httpx.AsyncClient, kind: str
) -> None:
    headers = {b"content-type": kind.encode("latin-1")}
    answer = await client.post("/sign-in", content=b"--b--", headers=headers)
    assert answer.status_code == 400


async def test_files_are_closed_after_their_handler_and_before_a_guard(
    client: httpx.AsyncClient, opened: list[IO[bytes]]
) -> None:
    form = {"_csrf_token": await csrf_token(client), "title": "x"}
    files = {"photo": ("a.jpg", BIG, "image/jpeg")}
    answer = await client.post("/organiser/contests", data=form, files=files)
    assert answer.status_code == 401
    await sign_in_as(client, Role.ORGANISER)
    answer = await client.post("/organiser/contests", data=form, files=files)
    assert answer.status_code == 422
    assert [file.closed for file in opened] == [True, True]


async def test_form_without_a_byte_has_no_token(client: httpx.AsyncClient) -> None:
    await csrf_token(client)
    answer = await client.post("/sign-in", content=b"", headers=MULTIPART)
    assert answer.status_code == 403
