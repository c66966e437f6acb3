"""The public pages of one contest. Everything on them works without scripts."""

import asyncio
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

import segno
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from contest.editions import service as contests
from contest.entrants.photos import photo_store
from core.runtime import Runtime
from core.web.openapi import asks
from core.web.pages import AnyRequest, page
from live.site import share_card
from live.site.public_contest import PublicContest, public_contest
from live.site.rules.public_page import matching, ranked
from live.site.rules.rulebook_words import rulebook_words
from voting.casting.ballot_box import BallotBox
from voting.casting.forms import LONGEST_CODE

# A shared link's picture shows the contest's phase; chat apps cache it in any case.
_PICTURE_SECONDS = 300
_LONGEST_QUERY = 40


async def provide_here(
    slug: FromPath[str],
    request: AnyRequest,
    ballot_box: NamedDependency[BallotBox],
    now: NamedDependency[datetime],
) -> PublicContest:
    return await public_contest(slug, request.user, ballot_box, now)


class ContestPages(Controller):
    path = "/c/{slug:str}"
    dependencies = {"here": provide_here}  # noqa: RUF012 - Litestar's own attribute

    @get("/", operation_class=asks("q", repeated=("entry",)))
    async def entrants(self, request: AnyRequest, here: NamedDependency[PublicContest]) -> Template:
        query = request.query_params.get("q", "")[:_LONGEST_QUERY]
        chosen = _chosen(request, here)
        shown = matching(here.cards(chosen), query)
        on_page = {card.code for card in shown if card.can_vote}
        return page(
            request,
            "live/site/contest.html",
            contest=here.view,
            cards=shown,
            q=query,
            chosen_count=len(chosen),
            hidden_choice=[code for code in chosen if code not in on_page],
        )

    @get("/ranking")
    async def ranking(self, request: AnyRequest, here: NamedDependency[PublicContest]) -> Template:
        rows = ranked(here.cards(), here.snapshot)
        return page(request, "live/site/ranking.html", contest=here.view, rows=rows)

    @get("/rules")
    async def rules(self, request: AnyRequest, here: NamedDependency[PublicContest]) -> Template:
        rulebook = here.contest.rulebook
        return page(
            request,
            "live/site/rules.html",
            contest=here.view,
            sections=rulebook_words(rulebook),
            rulebook=rulebook,
        )

    @get("/entrants/{code:str}")
    async def entrant(
        self,
        request: AnyRequest,
        here: NamedDependency[PublicContest],
        code: FromPath[str],
    ) -> Template:
        entrant, card = here.entrant(code)
        return page(
            request, "live/site/entrant.html", contest=here.view, card=card, entrant=entrant
        )

    @get("/ballot", operation_class=asks(repeated=("entry",)))
    async def ballot(self, request: AnyRequest, here: NamedDependency[PublicContest]) -> Template:
        """The ballot as chosen, to be checked and undone before it is cast."""
        asked = request.query_params.getall("entry", [])
        codes = list(dict.fromkeys(one[:LONGEST_CODE] for one in asked))
        chosen = [card for card in here.cards(codes) if card.chosen]
        back = urlencode([("entry", code) for code in codes])
        return page(
            request,
            "live/site/ballot.html",
            contest=here.view,
            cards=chosen,
            refusal=here.refusal(codes),
            idempotency_key=secrets.token_urlsafe(18),
            back_query=f"?{back}" if back and here.view.most > 1 else "",
        )

    @get("/poster")
    async def poster(
        self,
        request: AnyRequest,
        here: NamedDependency[PublicContest],
        runtime: NamedDependency[Runtime],
        entry: FromQuery[str] = "",
    ) -> Template:
        """A sheet for notice boards: scan, look, vote; for one entrant with `entry`."""
        card = here.entrant(entry)[1] if entry else None
        address = f"{runtime.settings.base_url}/c/{here.contest.slug}"
        if card:
            address += f"/entrants/{quote(card.code)}"
        code = segno.make(address, error="q", micro=False)
        return page(
            request,
            "live/site/poster.html",
            contest=here.view,
            card=card,
            address=address,
            qr=code.svg_inline(border=4, omitsize=True, svgclass="poster__qr"),
        )

    @get("/card.png", media_type="image/png")
    async def picture(self, here: NamedDependency[PublicContest]) -> Response[bytes]:
        view = here.view
        state = f"{view.clock_words} {view.clock_left}".strip()
        drawn = await asyncio.to_thread(
            share_card.contest_card, view.title, state, view.ballot_words
        )
        return _picture(drawn)

    @get("/entrants/{code:str}/card.png", media_type="image/png")
    async def entrant_picture(
        self,
        here: NamedDependency[PublicContest],
        runtime: NamedDependency[Runtime],
        code: FromPath[str],
    ) -> Response[bytes]:
        entrant, card = here.entrant(code)
        photo = photo_store(runtime).path(entrant.photo or "")
        drawn = await asyncio.to_thread(
            share_card.entrant_card,
            card.code,
            card.name,
            card.township,
            here.contest.title,
            photo,
        )
        return _picture(drawn)


@get("/c/{slug:str}/rulebook.toml")
async def rulebook_file(slug: FromPath[str]) -> Response[bytes]:
    """The rulebook itself, byte for byte what its digest names."""
    contest = await contests.public_contest(slug)
    return Response(
        contest.rulebook.source.encode(),
        media_type="application/toml; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{slug}.toml"'},
    )


def _chosen(request: AnyRequest, here: PublicContest) -> list[str]:
    """Codes ticked before a search, as far as they exist."""
    known = {one.code for one in here.entrants if one.code}
    asked = request.query_params.getall("entry", [])
    return [code for code in dict.fromkeys(asked) if code in known]


def _picture(drawn: bytes) -> Response[bytes]:
    return Response(
        drawn,
        media_type="image/png",
        headers={"cache-control": f"public, max-age={_PICTURE_SECONDS}"},
    )
