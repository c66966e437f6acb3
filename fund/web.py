"""All routes of this package, for the composition root."""

from litestar.types import ControllerRouterHandler

from fund.budget import web as budget
from fund.entitlements import web as entitlements
from fund.in_kind import web as in_kind
from fund.overview import web as overview
from fund.payments import web_batches, web_entitlement

ROUTES: tuple[ControllerRouterHandler, ...] = (
    *overview.ROUTES,
    *budget.ROUTES,
    *entitlements.ROUTES,
    *web_entitlement.ROUTES,
    *web_batches.ROUTES,
    *in_kind.ROUTES,
)
