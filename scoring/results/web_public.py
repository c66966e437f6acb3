"""The certified result for the public: page, data, bundle, announcements.

    GET /c/{slug}/result                      every step of every sum
    GET /c/{slug}/result.json                 the engine's canonical JSON
    GET /c/{slug}/result/bundle.zip           what `shibaiqian verify` recomputes
    GET /c/{slug}/result/announcement.pdf     A4, Chinese fonts embedded
    GET /c/{slug}/result/announcement.xlsx

All answer 404 "not_published" until the contest is in public notice.
"""

import asyncio
from typing import Any
from urllib.parse import quote

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import File

from contest.editions import service as contests
from contest.editions.rules.contest import Contest, Phase
from core.beijing import BEIJING
from core.i18n import _
from core.problems import NotFound
from core.runtime import Runtime
from core.web.pages import AnyRequest, page
from scoring.announcement.content import Announcement, Publication, announce
from scoring.results import certification
from scoring.results.store import Certified
from scoring.results.stored_result import result_from_json
from scoring.results.view import view_of

_PUBLISHED = (Phase.PUBLIC_NOTICE, Phase.FINAL)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def _published(slug: str) -> tuple[Contest, Certified]:
    contest = await contests.public_contest(slug)
    certified = await certification.newest(contest.id)
    if contest.phase not in _PUBLISHED or certified is None:
        raise NotFound("not_published", _("结果还没有公布"))
    return contest, certified


def _announcement(contest: Contest, certified: Certified, runtime: Runtime) -> Announcement:
    settings = runtime.settings
    publication = Publication(
        issuer=_("同江市人力资源和社会保障局"),
        approval_document=contest.approval_document,
        certified_at=certified.certified_at.astimezone(BEIJING),
        certified_by=certified.certified_by,
        notice_from=contest.notice_starts_on,
        notice_until=contest.notice_ends_on,
        enquiry_hotline=settings.enquiry_hotline,
        oversight_hotline=settings.oversight_hotline,
        bundle_digest=f"sha256:{certified.bundle}",
        result_address=f"{settings.base_url}/c/{contest.slug}/result",
    )
    return announce(contest.rulebook, result_from_json(certified.result), publication)


def _download(content: bytes, media_type: str, name: str) -> Response[bytes]:
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})


class ResultPages(Controller):
    path = "/c/{slug:str}"

    @get("/result")
    async def result_page(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        runtime: NamedDependency[Runtime],
    ) -> Response[Any]:
        contest = await contests.public_contest(slug)
        certified = await certification.newest(contest.id)
        published = certified if contest.phase in _PUBLISHED else None
        view = published and view_of(contest.rulebook, result_from_json(published.result))
        return page(
            request,
            "scoring/results/result.html",
            contest=contest,
            certified=published,
            view=view,
            final=contest.phase is Phase.FINAL,
            public_key=runtime.keys.public_key.hex(),
            rulebook_name=contest.rulebook.full_name,
            rulebook_digest=contest.rulebook.digest,
        )

    @get("/result.json")
    async def result_json(self, slug: FromPath[str]) -> Response[bytes]:
        _contest, certified = await _published(slug)
        return Response(certified.result.encode(), media_type="application/json")

    @get("/result/bundle.zip")
    async def bundle(self, slug: FromPath[str], runtime: NamedDependency[Runtime]) -> File:
        contest, certified = await _published(slug)
        return File(
            certification.bundle_store(runtime).kept(certified.bundle),
            filename=f"{contest.slug}.zip",
            media_type="application/zip",
            content_disposition_type="attachment",
        )

    @get("/result/announcement.pdf")
    async def pdf(self, slug: FromPath[str], runtime: NamedDependency[Runtime]) -> Response[bytes]:
        from scoring.announcement.pdf import announcement_pdf

        contest, certified = await _published(slug)
        announcement = _announcement(contest, certified, runtime)
        content = await asyncio.to_thread(announcement_pdf, announcement)
        return _download(content, "application/pdf", f"{announcement.title}.pdf")

    @get("/result/announcement.xlsx")
    async def workbook(
        self, slug: FromPath[str], runtime: NamedDependency[Runtime]
    ) -> Response[bytes]:
        from scoring.announcement.xlsx import announcement_xlsx

        contest, certified = await _published(slug)
        announcement = _announcement(contest, certified, runtime)
        content = await asyncio.to_thread(announcement_xlsx, announcement)
        return _download(content, _XLSX, f"{announcement.title}.xlsx")
