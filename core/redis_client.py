"""The one way to reach Redis from the server."""

from redis.asyncio import BlockingConnectionPool, Redis

_CONNECTIONS = 64
_WAIT_SECONDS = 2


def open_redis(url: str) -> "Redis":
    """A client whose callers wait for a connection in a rush.

    By default the hundred-and-first question at one moment fails at once, as if Redis were
    away: sign-ins were refused and limits let through.
    """
    return Redis.from_pool(
        BlockingConnectionPool.from_url(url, max_connections=_CONNECTIONS, timeout=_WAIT_SECONDS)
    )
