"""httpx without its command line, which would load rich and pygments at every start.

httpx works without ``_main`` where those are not installed; None in ``sys.modules`` makes Python
treat a module as not installed.
"""

import sys

sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # None: not to be found

import httpx  # noqa: E402 - the line above must run first

__all__ = ["httpx"]
