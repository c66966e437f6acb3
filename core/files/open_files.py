"""How many files and sockets a process may hold open at once."""

import resource


def allow_open_files() -> int:
    """Raise this process's limit as far as it may by itself, and return it.

    Systems start programs with room for 1,024, which a hall of watchers is soon past.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
