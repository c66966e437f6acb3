"""How many files and sockets a process may hold open at once."""

import resource


def allow_open_files() -> int:
    """Raise this process's limit as far as the system allows, and return it. The usual limit of
    1,024 is too low for the sockets of a large audience.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
