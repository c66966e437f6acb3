"""The routes of this package."""

from collections.abc import Callable

from litestar import Router

from accounts.administration import web as web_admin
from accounts.audit import web as web_audit
from accounts.audit import words
from accounts.own_data import web as web_me
from accounts.sign_in import web as web_sign_in
from accounts.sign_in import web_challenge
from accounts.sign_in.staff import web as web_staff_sign_in
from accounts.sign_in.wechat import web as web_wechat

# Filters that the templates use, by name.
FILTERS: dict[str, Callable[..., str]] = {
    "audit_action": words.action_name,
    "audit_subject": words.subject_name,
}

routes = Router(
    "/",
    route_handlers=[
        *web_admin.handlers,
        *web_audit.handlers,
        *web_challenge.handlers,
        *web_me.handlers,
        *web_sign_in.handlers,
        *web_staff_sign_in.handlers,
        *web_wechat.handlers,
    ],
)
