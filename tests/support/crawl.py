"""Walking a site by its links and filling in its forms, as a program without a browser."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

HTML = {"Accept": "text/html"}
LONGEST_IN_AN_ADDRESS = 1000
"""Servers refuse far longer addresses by themselves."""


@dataclass
class Form:
    """A form of a page: where it goes, and what it would send as it stands."""

    page: str
    action: str
    method: str
    multipart: bool
    fields: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    """The fields that a person types into, in their order."""


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.links: set[str] = set()
        self.forms: list[Form] = []
        self._area = ""
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag in ("a", "link") and at.get("href"):
            self.links.add(urljoin(self.address, at["href"]))
        elif tag in ("img", "script", "source") and at.get("src"):
            self.links.add(urljoin(self.address, at["src"]))
        elif tag == "form":
            action = urljoin(self.address, at.get("action") or self.address)
            multipart = "multipart" in at.get("enctype", "")
            self.forms.append(Form(self.address, action, at.get("method", "get"), multipart))
        elif self.forms:
            self._field(self.forms[-1], tag, at)

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1].fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        self._area = "" if tag == "textarea" else self._area
        self._select = "" if tag == "select" else self._select

    def _field(self, form: Form, tag: str, at: Mapping[str, str]) -> None:
        name = at.get("name", "")
        if tag == "option" and self._select:
            if "selected" in at or not form.fields[self._select]:
                form.fields[self._select] = at.get("value", "")
            return
        if not name or "disabled" in at:
            return
        if tag == "textarea":
            self._area, form.fields[name] = name, ""
            form.typed.append(name)
        elif tag == "select":
            self._select, form.fields[name] = name, ""
        elif tag == "button":
            form.fields.setdefault(name, at.get("value", ""))
        elif tag == "input":
            self._input(form, name, at)

    def _input(self, form: Form, name: str, at: Mapping[str, str]) -> None:
        kind = at.get("type", "text")
        if kind == "file":
            form.files.append(name)
        elif kind in ("checkbox", "radio"):
            if "checked" in at or name not in form.fields:
                form.fields[name] = at.get("value", "on")
        else:
            form.fields[name] = at.get("value", "")
            if kind != "hidden":
                form.typed.append(name)


@dataclass(frozen=True)
class Visit:
    """A page or file that was opened."""

    address: str
    answer: httpx.Response
    came_from: str
    forms: list[Form]


async def crawl(http: httpx.AsyncClient, start: str, most: int) -> AsyncIterator[Visit]:
    """Open `start` and whatever it leads to on the same site, each path with one query."""
    waiting, seen = [(start, "")], {_shape(start)}
    host = urlsplit(start).netloc
    for _place in range(most):
        if not waiting:
            return
        address, came_from = waiting.pop(0)
        answer = await http.get(address, headers=HTML, follow_redirects=True)
        reader = _Reader(str(answer.url))
        if "text/html" in answer.headers.get("content-type", ""):
            reader.feed(answer.text)
        yield Visit(address, answer, came_from, reader.forms)
        for link in sorted(reader.links):
            parts = urlsplit(link)
            plain = link.partition("#")[0]
            ours = parts.scheme.startswith("http") and parts.netloc == host
            if ours and _shape(plain) not in seen and "/demo/" not in parts.path:
                seen.add(_shape(plain))
                waiting.append((plain, address))


def _shape(address: str) -> tuple[str, bool]:
    parts = urlsplit(address)
    return parts.path, bool(parts.query)


async def submit(http: httpx.AsyncClient, form: Form, changed: Mapping[str, str]) -> httpx.Response:
    """Send a form with some of its fields changed; files stay empty, as when none is chosen."""
    fields = {**form.fields, **changed}
    if form.method.lower() == "get":
        query = {name: value[:LONGEST_IN_AN_ADDRESS] for name, value in fields.items()}
        return await http.get(form.action, params=query, headers=HTML)
    headers = {**HTML, "Origin": "{0.scheme}://{0.netloc}".format(urlsplit(form.action))}
    if form.multipart:
        parts = [(name, (None, value.encode())) for name, value in fields.items()]
        files = [(name, ("", b"", "application/octet-stream")) for name in form.files]
        return await http.post(form.action, files=[*parts, *files], headers=headers)
    return await http.post(form.action, data=fields, headers=headers)
