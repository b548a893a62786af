"""Log lines: one JSON object each, on standard error.

Never a body, a query, a header or a token.
"""

import sys
import traceback
from pathlib import Path
from typing import TextIO

import structlog

_ROOT = Path(__file__).resolve().parents[2]


def configure(stream: TextIO | None = None) -> None:
    """Write all lines of this process as JSON to ``stream``, by default standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=stream or sys.stderr),
        cache_logger_on_first_use=False,
    )


def fault(error: BaseException) -> None:
    """Write down the type of an unexpected error and where it arose.

    Its text stays out: a database's or parser's error repeats the values it stumbled over.
    """
    structlog.get_logger().error("fault", type=_name(error), frames=_frames(error))


def _name(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _frames(error: BaseException) -> list[str]:
    return [
        f"{_shown(frame.filename)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]


def _shown(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else path.name
