"""The one way to reach Redis from the server."""

from redis.asyncio import BlockingConnectionPool, Redis

_CONNECTIONS = 64
_WAIT_SECONDS = 2


def open_redis(url: str) -> "Redis":
    """A client whose callers wait for a free connection. By default the hundred-and-first command
    at one moment fails at once as if Redis were down: sign-ins would be refused, and limits not
    applied.
    """
    return Redis.from_pool(
        BlockingConnectionPool.from_url(url, max_connections=_CONNECTIONS, timeout=_WAIT_SECONDS)
    )
