"""The routes of this package."""

from litestar import Router

from accounts.audit import web as web_audit
from accounts.people import web_admin, web_me
from accounts.sign_in import web as web_sign_in
from accounts.sign_in import web_challenge, web_wechat
from accounts.sign_in import web_staff as web_staff_sign_in

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
