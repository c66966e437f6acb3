"""All routes of this package, for the composition root."""

from contest.calendar import web as web_calendar
from contest.editions import web as web_editions
from contest.entrants import web as web_entrants
from contest.entrants import web_photos
from contest.figures import web as web_figures
from contest.nominations import web_review, web_township
from contest.notices import web_organiser as web_notices
from contest.notices import web_public as web_public_notices
from contest.phases import web as web_phases

ROUTES = [
    *web_photos.ROUTES,
    *web_public_notices.ROUTES,
    *web_township.ROUTES,
    *web_review.ROUTES,
    *web_phases.ROUTES,
    *web_editions.ROUTES,
    *web_entrants.ROUTES,
    *web_figures.ROUTES,
    *web_notices.ROUTES,
    *web_calendar.ROUTES,
]
