"""Where Piccolo looks for the engine and the apps; lower packages come first."""

from piccolo.conf.apps import AppRegistry

from core.database.db import ENGINE

DB = ENGINE

APP_REGISTRY = AppRegistry(
    apps=[
        "core.piccolo_app",
        "accounts.piccolo_app",
        "fund.piccolo_app",
        "contest.piccolo_app",
        "voting.piccolo_app",
        "scoring.piccolo_app",
        "live.piccolo_app",
    ]
)
