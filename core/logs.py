"""The server's log: one JSON object a line, on standard error."""

import logging
import sys
from typing import TextIO

import structlog


def configure_logs(file: TextIO | None = None) -> None:
    """Tracebacks name files and lines, never the values of variables: those hold ballots,
    telephone numbers and codes, and showing them would cost the event loop seconds."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file or sys.stderr),
    )
    # The library that subsets fonts for a PDF logs every table it reads.
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    # It logs the address of every request, and one of WeChat's addresses holds our secret.
    logging.getLogger("httpx").setLevel(logging.WARNING)
