"""All routes of this package, for the composition root."""

from contest import (
    web_downloads,
    web_entrants,
    web_figures,
    web_notices,
    web_organiser,
    web_public,
    web_review,
    web_township,
)

ROUTES = [
    *web_public.ROUTES,
    *web_township.ROUTES,
    *web_review.ROUTES,
    *web_organiser.ROUTES,
    *web_entrants.ROUTES,
    *web_figures.ROUTES,
    *web_notices.ROUTES,
    *web_downloads.ROUTES,
]
