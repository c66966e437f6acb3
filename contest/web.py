"""All routes of this package, for the composition root."""

from contest.editions import web as web_organiser
from contest.editions import web_downloads
from contest.entrants import web as web_entrants
from contest.figures import web as web_figures
from contest.nominations import web_review, web_township
from contest.notices import web_organiser as web_notices
from contest.notices import web_public

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
