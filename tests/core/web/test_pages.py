"""Pages: nothing undefined is shown as nothing, and nothing typed becomes markup."""

from pathlib import Path

import httpx
import pytest
from jinja2 import UndefinedError

from accounts.web import FILTERS
from core.settings import Settings
from core.web.pages import environment
from tests.support.people import post_form

ENVIRONMENT = environment(Settings(data_dir=Path("unused"), root_path="/vote"), FILTERS)


def test_undefined_name_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        ENVIRONMENT.from_string("{{ nobody }}").render()


def test_addresses_stand_under_the_prefix() -> None:
    render = ENVIRONMENT.from_string("{{ url('/c/a') }} {{ static('css/base.css') }}").render()
    first, second = render.split()
    assert first == "/vote/c/a"
    assert second.startswith("/vote/static/css/base.css?v=")


def test_filters_are_those_of_the_figures() -> None:
    shown = ENVIRONMENT.from_string("{{ 12000|count }} {{ 500|money }}").render()
    assert shown == "1.2万 ¥5.00"


def test_every_template_can_be_parsed() -> None:
    names = ENVIRONMENT.list_templates(extensions=["html", "svg"])
    assert len(names) > 30
    for name in names:
        ENVIRONMENT.get_template(name)


async def test_what_was_typed_is_shown_as_text(client: httpx.AsyncClient) -> None:
    typed = '"><script>alert(1)</script>'
    answer = await post_form(client, "/sign-in", {"phone": typed}, headers={"accept": "text/html"})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text


async def test_page_has_one_token_and_a_nonce_of_its_own(client: httpx.AsyncClient) -> None:
    policies = set()
    for _turn in range(2):
        answer = await client.get("/sign-in", headers={"accept": "text/html"})
        assert '<input type="hidden" name="_csrf_token" value="' in answer.text
        policies.add(answer.headers["content-security-policy"])
    assert len(policies) == 2


async def test_program_is_answered_with_a_document_and_a_browser_with_a_page(
    client: httpx.AsyncClient,
) -> None:
    program = await client.get("/c/nothing/result")
    browser = await client.get("/c/nothing/result", headers={"accept": "text/html"})
    assert program.headers["content-type"] == "application/problem+json"
    assert browser.headers["content-type"].startswith("text/html")
    assert program.status_code == browser.status_code == 404
