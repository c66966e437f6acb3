"""The routes of this package."""

from litestar import Router

from accounts import (
    web_admin,
    web_audit,
    web_challenge,
    web_me,
    web_sign_in,
    web_staff_sign_in,
    web_wechat,
)

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
