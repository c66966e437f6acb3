"""Published pictures, by the digest of their content."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import File

from contest.entrants.photos import VARIANTS, photo_store
from core.i18n import _
from core.problems import NotFound
from core.runtime import Runtime

# A file's address is its content's digest: what a browser has seen once can never change.
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


@get("/files/{digest:str}")
async def photo(digest: FromPath[str], runtime: NamedDependency[Runtime]) -> File:
    """A picture by its digest."""
    return _file(runtime, digest, "")


@get("/files/{digest:str}/{variant:str}")
async def photo_variant(
    digest: FromPath[str], variant: FromPath[str], runtime: NamedDependency[Runtime]
) -> File:
    """A smaller copy: card (640×480) or thumb (160×120)."""
    if variant not in VARIANTS:
        raise _no_file()
    return _file(runtime, digest, variant)


def _file(runtime: Runtime, digest: str, variant: str) -> File:
    path = photo_store(runtime).path(digest, variant)
    if path is None:
        raise _no_file()
    return File(path, media_type="image/jpeg", content_disposition_type="inline", headers=_FOR_EVER)


def _no_file() -> NotFound:
    return NotFound("no_such_file", _("没有这个文件"))


ROUTES = [photo, photo_variant]
